/* SPDX-License-Identifier: Apache-2.0 */
/* test_verify.c: what is found in directories that are made by hand. */
#include <kmeta.h>

#include "checkpoints.h"
#include "files.h"
#include "findings.h"

TestSuite(verify, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

static struct told found_in(const char *address, unsigned checks)
{
	const char *const addresses[] = { address };
	const struct kmeta_verify_options options = { .size = sizeof(options), .checks = checks };
	struct kmeta_verify_totals totals;
	struct kmeta_finding why = { 0 };
	struct told told = { 0 };

	cr_assert_eq(kmeta_verify(addresses, 1, &options, note_finding, &told, &totals, &why),
	             KMETA_OK, "%s", why.message);
	return told;
}

/* What some classes of checks find in the directory "d". */
static struct told found(unsigned checks)
{
	return found_in("d", checks);
}

/* Adds the batches to a file and damages the last one, whose offsets can then not be trusted. */
static void append_damaged(const char *path, int64_t base_offset)
{
	struct made m = { 0 };

	put_noops(&m, base_offset, 1);
	m.at[m.size - 1] ^= 1;
	append_file(path, made_bytes(&m));
	made_release(&m);
}

/* ---- segments among each other ---- */

/* Damage hides records after the first batch; where the segment begins is known. */
Test(verify, damage_after_the_start_of_a_segment)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	append_run("d/" SECOND, 12, 1);
	append_damaged("d/" SECOND, 15);
	append_run("d/" SECOND, 18, 1);
	cr_expect_str_eq(found(KMETA_CHECK_ORDER).text, "crc-mismatch@15 offset-gap@12 ");
}

/* Damage at the start: only the name tells where the segment begins. */
Test(verify, damage_at_the_start_of_a_segment)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	append_damaged("d/" SECOND, 9);
	append_run("d/" SECOND, 12, 2);
	cr_expect_str_eq(found(KMETA_CHECK_ORDER).text, "crc-mismatch@9 ");
}

/* ---- replay ---- */

static void append_begin_of_transaction(const char *path, int64_t offset)
{
	struct made m = { 0 }, records = { 0 };
	struct batch_plan plan = { .base_offset = offset };

	put_record(&records, &(struct record_plan){ .value = BYTES("\x01\x17\x00\0") });
	plan.records = made_bytes(&records);
	put_batch(&m, &plan);
	append_file(path, made_bytes(&m));
	made_release(&m);
	made_release(&records);
}

Test(verify, transaction_that_does_not_end)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 2);
	append_begin_of_transaction("d/" FIRST, 6);
	append_run("d/" FIRST, 7, 1);
	cr_expect_str_eq(found(KMETA_CHECK_MEANING).text, "open-transaction@6 ");
}

/* Its end may be among the records that are missing: nothing is said of it. */
Test(verify, replay_that_stopped_ends_there)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 2);
	append_begin_of_transaction("d/" FIRST, 6);
	append_run("d/" FIRST, 10, 1);
	cr_expect_str_eq(found(KMETA_CHECK_MEANING).text, "not-checked@10 ");
}

/* Wherever a checkpoint ends, within the log or with it, it is held against the state there. */
Test(verify, checkpoint_against_the_log)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 4);
	write_checkpoint("d/" CHECKPOINT_9, 2, true);
	/* The counts, and each of the two topics; the header has no time. */
	cr_expect_str_eq(found(KMETA_CHECK_REPLAY_MATCH).text,
	                 "bad-time@0 checkpoint-differs@9 checkpoint-differs@9 "
	                 "checkpoint-differs@9 ");
	write_checkpoint("d/" CHECKPOINT_12, 2, true);
	cr_expect_str_eq(found(KMETA_CHECK_REPLAY_MATCH).text,
	                 "bad-time@0 checkpoint-differs@9 checkpoint-differs@9 "
	                 "checkpoint-differs@9 bad-time@0 checkpoint-differs@12 "
	                 "checkpoint-differs@12 checkpoint-differs@12 ");
}

/* ---- the small files beside the log ---- */

#define META "meta.properties"

/* Beside a log of epoch 1 that begins at 0. NULL: nothing is wrong. */
/* clang-format off */
static const struct {
	const char *file, *content, *message;
} side_files[] = {
	{ "d/leader-epoch-checkpoint", "0\n1\n1 0\n", NULL },
	{ "d/leader-epoch-checkpoint", "0\r\n1\r\n1 0\r\n", NULL },
	{ "d/leader-epoch-checkpoint", "1\n1\n1 0\n", "it does not begin with a version of 0 and a count" },
	{ "d/leader-epoch-checkpoint", "0\nmany\n", "it does not begin with a version of 0 and a count" },
	{ "d/leader-epoch-checkpoint", "0\n-1\n", "it does not begin with a version of 0 and a count" },
	{ "d/leader-epoch-checkpoint", "0\n2\n1 0\n1 3\n", "epoch 1 at 3 follows epoch 1 at 0" },
	{ "d/leader-epoch-checkpoint", "0\n1\n1 zero\n", "line 1 of 1 is no epoch and start offset" },
	{ "d/leader-epoch-checkpoint", "0\n1\n1 0\n2 3\n", "it announces 1 line, but has 2" },
	{ "d/quorum-state",
	  "{\"data_version\":1,\"leaderId\":1,\"leaderEpoch\":1,\"votedId\":1,\"votedDirectoryId\":\"a\"}", NULL },
	{ "d/quorum-state",
	  "{\"data_version\":1,\"leaderId\":1,\"leaderEpoch\":1,\"votedId\":1}", "votedDirectoryId is no text" },
	{ "d/quorum-state", "{\"data_version\":1,\"leaderId\":1,\"leaderEpoch\":1}", "votedId is no number" },
	{ "d/quorum-state", "{\"data_version\":2}", "data_version is neither 0 nor 1" },
	{ "d/quorum-state", "{\"data_version\":1,\"leaderId\":1,\"leaderEpoch\":0,\"votedId\":1,\"votedDirectoryId\":\"a\"}",
	  "the leader epoch is 0, but a batch at offset 0 has 1" },
	{ "d/quorum-state", "[]", "it is no JSON object" },
	{ "d/partition.metadata", " version : 0\n\ttopic_id :  AAAAAAAAAAAAAAAAAAAAAQ\n", NULL },
	{ "d/partition.metadata", "version: x\n", "its version is not 0" },
	{ "d/partition.metadata", "version 0\n", "its version is not 0" },
	{ "d/partition.metadata", "version: 0\ntopic_id: BAAAAAAAAAAAAAAAAAAAAQ\n",
	  "its topic_id is not that of the metadata topic, AAAAAAAAAAAAAAAAAAAAAQ" },
	{ META, "# by hand\nversion = 1\nnode.id=7\ncluster.id=c\n", NULL },
	{ META, "version=0\nbroker.id=7\ncluster.id=c\n", NULL },
	{ META, "version=2\n", "its version is neither 0 nor 1" },
	{ META, "node.id=7\n", "its version is neither 0 nor 1" },
	{ META, "version=1\nbroker.id=7\ncluster.id=c\n", "it has no node.id" },
	{ META, "version=0\nbroker.id=x\ncluster.id=c\n", "its broker.id is no number" },
	{ META, "version=1\nnode.id=7\n", "it has no cluster.id" },
	{ META, "version=1\nnode.id=7\ncluster.id=\n", NULL },
};
/* clang-format on */

ROWS(verify, side_file, side_files)
ParameterizedTest(const size_t *row, verify, side_file, .init = scratch_begin, .fini = scratch_end)
{
	const char *content = side_files[*row].content, *message = side_files[*row].message;
	struct told told;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	write_file(side_files[*row].file,
	           (struct kmeta_bytes){ (const uint8_t *)content, strlen(content) });
	told = found(KMETA_CHECK_DIRECTORY);
	cr_assert_eq(told.count, message ? 1 : 0, "%s: %s %s", content, told.text,
	             told.last.message);
	if (message)
		cr_expect_str_eq(told.last.message, message);
}

/* Where old segments were removed, the first epoch may begin at a checkpoint. */
Test(verify, epochs_of_a_log_that_was_cut)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 6);
	write_checkpoint("d/" CHECKPOINT_9, 2, true);
	write_checkpoint("d/" CHECKPOINT_12, 2, true);
	write_file("d/leader-epoch-checkpoint", BYTES("0\n1\n1 12\n"));
	cr_expect_str_eq(found(KMETA_CHECK_DIRECTORY).text, "");
	write_file("d/leader-epoch-checkpoint", BYTES("0\n1\n1 11\n"));
	cr_expect_str_eq(found(KMETA_CHECK_DIRECTORY).text, "other-epochs@-1 ");
}

/* ---- files whose names do not tell what they are ---- */

static void write_control(const char *path, struct kmeta_bytes value)
{
	struct made m = { 0 }, records = { 0 };
	struct batch_plan plan = { .attributes = KMETA_BATCH_CONTROL };

	put_record(&records, &(struct record_plan){ .key = BYTES("\0\0\0\3"), .value = value });
	plan.records = made_bytes(&records);
	put_batch(&m, &plan);
	write_file(path, made_bytes(&m));
	append_run(path, 1, 1);
	made_release(&m);
	made_release(&records);
}

/* A header makes a checkpoint of it, which then needs a footer. */
Test(verify, nameless_checkpoint)
{
	write_control("x", BYTES("\0\0\0\0\0\0\0\0\0\7\0"));
	cr_expect_str_eq(found_in("x", KMETA_CHECK_CHECKPOINT | KMETA_CHECK_MEANING).text,
	                 "odd-name@-1 not-for-snapshot@1 not-for-snapshot@1 not-for-snapshot@1 "
	                 "no-footer@3 ");
}

/* Release 2.8 wrote leader changes with the type that now is a header's. */
Test(verify, nameless_log_of_2_8)
{
	write_control("x", BYTES("\0\0\0\0\0\1\1\1\0"));
	cr_expect_str_eq(found_in("x", KMETA_CHECK_CHECKPOINT).text, "");
}

/* ---- what is asked for ---- */

Test(verify, classes_by_name)
{
	unsigned all = 0;

	for (size_t i = 0; kmeta_check_name(i); i++) {
		const char *name = kmeta_check_name(i);

		cr_expect_eq(kmeta_check_of(name, strlen(name)), 1u << i, "%s", name);
		cr_expect_eq(kmeta_check_of(name, strlen(name) - 1), 0, "%s", name);
		all |= 1u << i;
	}
	cr_expect_eq(all, (unsigned)KMETA_CHECK_ALL);
	cr_expect_eq(kmeta_check_of("", 0), 0);
}

struct progress {
	int64_t done, total;
	size_t calls;
};

static void note_progress(void *context, int64_t done, int64_t total)
{
	struct progress *p = context;

	cr_expect(done >= p->done && done <= total);
	p->done = done;
	p->total = total;
	p->calls++;
}

/* The progress function gets many bytes at a time, and the total with each call. */
Test(verify, progress)
{
	static const char *const addresses[] = { "d" };
	struct progress p = { 0 };
	const struct kmeta_verify_options options = { .size = sizeof(options),
		                                      .checks =
		                                              KMETA_CHECK_ALL & ~KMETA_CHECK_START,
		                                      .progress = note_progress,
		                                      .context = &p };
	struct kmeta_verify_totals totals;
	struct kmeta_finding why;
	struct told told = { 0 };

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 30000);
	cr_assert_eq(kmeta_verify(addresses, 1, &options, note_finding, &told, &totals, &why),
	             KMETA_OK);
	cr_expect_str_eq(told.text, "");
	cr_expect_gt(p.calls, 1);
	cr_expect_eq(p.total, 30000 * NOOPS_SIZE);
	cr_expect_gt(p.done, p.total / 2);
}
