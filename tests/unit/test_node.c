/* SPDX-License-Identifier: Apache-2.0 */
/* test_node.c: the node that a log belongs to, from the small files beside it. */
#include <kmeta.h>

#include "files.h"

static void begin(void)
{
	scratch_begin();
	cr_assert_eq(mkdir("data", 0755), 0);
	cr_assert_eq(mkdir("data/__cluster_metadata-0", 0755), 0);
}

TestSuite(node, .init = begin, .fini = scratch_end, .timeout = 60);

static void write_text(const char *path, const char *text)
{
	write_file(path, (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
}

static const char properties[] = "data/meta.properties";
static const char inside[] = "data/__cluster_metadata-0/" FIRST;

Test(node, every_address_inside_finds_the_same_node)
{
	static const char *const addresses[] = { "data", "data/", "data/__cluster_metadata-0",
		                                 "./data/__cluster_metadata-0/", inside };
	struct kmeta_node node;
	struct kmeta_finding why;
	uint8_t id[16];

	write_text(properties, "# comment\nnode.id=3\nversion=1\ncluster.id = a1\\=B\n"
	                       "directory.id=Aa1Aa1Aa1Aa1Aa1Aa1Aa1A\n");
	write_text("data/__cluster_metadata-0/quorum-state",
	           "{\"leaderId\":1,\"leaderEpoch\":17,\"data_version\":1}");
	write_text(inside, "");
	cr_assert(kmeta_uuid_parse("Aa1Aa1Aa1Aa1Aa1Aa1Aa1A", id));
	for (size_t i = 0; i < COUNT(addresses); i++) {
		cr_assert_eq(kmeta_node_read(addresses[i], &node, &why), KMETA_OK, "%s: %s",
		             addresses[i], why.message);
		cr_expect_eq(node.id, 3);
		cr_expect_str_eq(node.cluster_id, "a1=B");
		cr_expect(node.has_directory_id && !memcmp(node.directory_id, id, 16));
		cr_expect_eq(node.leader_epoch, 17);
	}
	cr_assert_eq(chdir("data/__cluster_metadata-0"), 0);
	cr_expect_eq(kmeta_node_read(FIRST, &node, &why), KMETA_OK);
	cr_expect_eq(node.id, 3);
}

Test(node, what_is_missing_or_wrong)
{
	static const struct {
		const char *text;
		enum kmeta_status status;
		const char *message;
	} rows[] = {
		{ "version=0\nbroker.id=11\ncluster.id=x\n", KMETA_OK, NULL },
		{ "version=1\nnode.id=1\ncluster.id=\n", KMETA_OK, NULL },
		{ "version=1\ncluster.id=x\n", KMETA_FAILED, "no node.id" },
		{ "node.id=1\n", KMETA_FAILED, "no cluster.id" },
		{ "node.id=-5\ncluster.id=x\n", KMETA_FAILED, "no number" },
		{ "node.id=1\ncluster.id=x\ndirectory.id=short\n", KMETA_FAILED, "no uuid" },
	};
	struct kmeta_node node;
	struct kmeta_finding why;

	write_text(inside, "");
	cr_expect_eq(kmeta_node_read("data", &node, &why), KMETA_END);
	for (size_t i = 0; i < COUNT(rows); i++) {
		write_text(properties, rows[i].text);
		cr_expect_eq(kmeta_node_read("data", &node, &why), rows[i].status, "row %zu", i);
		if (rows[i].message)
			cr_expect(strstr(why.message, rows[i].message), "%s", why.message);
		cr_expect(!node.has_directory_id);
		cr_expect_eq(node.leader_epoch, -1);
	}
}

/* A file that was copied elsewhere, standard input, what is not there. */
Test(node, addresses_of_nobody)
{
	struct kmeta_node node;
	struct kmeta_finding why;

	write_text(properties, "node.id=1\ncluster.id=x\n");
	write_text("data/" FIRST, "");
	write_text(FIRST, "");
	cr_expect_eq(kmeta_node_read(FIRST, &node, &why), KMETA_END);
	cr_expect_eq(kmeta_node_read("-", &node, &why), KMETA_END);
	cr_expect_eq(kmeta_node_read("nowhere", &node, &why), KMETA_END);
	cr_expect_eq(kmeta_node_read("data/" FIRST, &node, &why), KMETA_END);
}
