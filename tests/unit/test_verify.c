/* SPDX-License-Identifier: Apache-2.0 */
/* test_verify.c: what is found in directories that are made by hand. */
#include <kmeta.h>

#include "files.h"
#include "findings.h"

TestSuite(verify, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

/* What some classes of checks find in the directory "d". */
static struct told found(unsigned checks)
{
	static const char *const addresses[] = { "d" };
	const struct kmeta_verify_options options = { .size = sizeof(options), .checks = checks };
	struct kmeta_verify_totals totals;
	struct kmeta_finding why = { 0 };
	struct told told = { 0 };

	cr_assert_eq(kmeta_verify(addresses, 1, &options, note_finding, &told, &totals, &why),
	             KMETA_OK, "%s", why.message);
	return told;
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
