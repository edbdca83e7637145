/* SPDX-License-Identifier: Apache-2.0 */
/* test_failing_state.c: memory runs out while states are made, shown, compared and checked: each
 * work then says so, leaves nothing behind, and never tells less without a word. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <kmeta.h>

#include "state/freeze.h"

#include "failing.h"
#include "files.h"

TestSuite(failing_state, .timeout = 300);

/* ---- results ---- */

/* Everything that a work tells, as a number: two that are equal told the same. */
struct result {
	uint64_t sum;
	struct kmeta_finding why;
	bool findings_of_memory; /* a finding says that memory ran out */
};

static void add(struct result *r, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		r->sum = (r->sum ^ bytes[i]) * UINT64_C(1099511628211);
}

/* Takes the buffer, whose memory may have run out. */
static enum kmeta_status add_buffer(struct result *r, struct kmeta_buffer *buffer)
{
	const bool failed = buffer->failed;

	if (!failed)
		add(r, buffer->at, buffer->size);
	kmeta_buffer_release(buffer);
	if (failed)
		r->why.code = KMETA_OUT_OF_MEMORY;
	return failed ? KMETA_FAILED : KMETA_OK;
}

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct result *r = context;

	add(r, &finding->code, sizeof(finding->code));
	add(r, &finding->offset, sizeof(finding->offset));
	r->findings_of_memory |=
		finding->code == KMETA_OUT_OF_MEMORY || strstr(finding->message, "out of memory");
	return true;
}

/* ---- the works ---- */

static char path[600], other[600];

/* Small enough to be read without a second thread, in which nobody could say which call is next. */
static const char *const logs[] = {
	"kraft-4.3-full/node-1/__cluster_metadata-0",
	"zk-migration-3.6/final/node-3000/__cluster_metadata-0",
};

static enum kmeta_status load(struct result *r, const char *from, struct kmeta_point point,
                              bool from_log, struct kmeta_image **image)
{
	const struct kmeta_load_options options = {
		.size = sizeof(options), .report = report, .from_log = from_log, .context = r
	};

	return kmeta_image_load(image, from, point, &options, &r->why);
}

static struct kmeta_point at(int64_t offset)
{
	return (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = offset };
}

static enum kmeta_status load_state(struct result *r)
{
	struct kmeta_image *image = NULL;
	uint8_t hash[32];
	enum kmeta_status status = load(r, path, (struct kmeta_point){ 0 }, true, &image);

	if (status == KMETA_OK)
		status = kmeta_image_hash(image, hash, &r->why);
	if (status == KMETA_OK)
		add(r, hash, sizeof(hash));
	kmeta_image_free(image);
	return status;
}

static bool keep_all(void *context, struct kmeta_buffer *out)
{
	(void)context;
	(void)out;
	return true;
}

static enum kmeta_status load_checkpoint(struct result *r)
{
	struct kmeta_image *image = NULL;
	struct kmeta_buffer out = { 0 };
	enum kmeta_status status = load(r, path, (struct kmeta_point){ 0 }, false, &image);

	if (status == KMETA_OK)
		status = kmeta_image_json(image, NULL, keep_all, NULL, &out, 0, &r->why);
	kmeta_image_free(image);
	if (status == KMETA_OK)
		return add_buffer(r, &out);
	kmeta_buffer_release(&out);
	return status;
}

static enum kmeta_status write_checkpoint(struct result *r)
{
	const struct kmeta_checkpoint_options options = { .size = sizeof(options),
		                                          .codec = KMETA_GZIP };
	struct kmeta_checkpoint_totals totals;
	struct kmeta_image *image = NULL;
	struct kmeta_buffer out = { 0 };
	enum kmeta_status status = load(r, path, (struct kmeta_point){ 0 }, false, &image);

	if (status == KMETA_OK)
		status = kmeta_write_checkpoint(image, &options, keep_all, &out, &totals, &r->why);
	kmeta_image_free(image);
	if (status == KMETA_OK)
		return add_buffer(r, &out);
	kmeta_buffer_release(&out);
	return status;
}

static enum kmeta_status read_node(struct result *r)
{
	struct kmeta_node node;
	const enum kmeta_status status = kmeta_node_read(other, &node, &r->why);

	add(r, &node.id, sizeof(node.id));
	return status;
}

static enum kmeta_status walk(struct result *r)
{
	struct kmeta_image *image = NULL;
	struct kmeta_walk *all = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = load(r, path, at(200), false, &image);

	if (status == KMETA_OK)
		status = kmeta_walk_open(&all, image, KMETA_WALK_NEWEST, &r->why);
	while (status == KMETA_OK &&
	       (status = kmeta_walk_next(all, &entity, &r->why)) == KMETA_OK) {
		struct kmeta_buffer out = { 0 };

		kmeta_entity_path(&out, &entity, 0);
		kmeta_entity_json(&out, &entity, 0);
		kmeta_entity_text(&out, &entity, 0);
		status = add_buffer(r, &out);
	}
	kmeta_walk_close(all);
	kmeta_image_free(image);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status list(struct result *r)
{
	struct kmeta_image *image = NULL;
	struct kmeta_list *partitions = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = load(r, path, at(200), false, &image);

	if (status == KMETA_OK)
		status = kmeta_list_open(&partitions, image, KMETA_PARTITION, 0, &r->why);
	for (size_t i = 0; status == KMETA_OK; i++) {
		struct kmeta_buffer out = { 0 };

		status = kmeta_list_entity(partitions, i, &entity, &r->why);
		if (status != KMETA_OK)
			break;
		kmeta_entity_path(&out, &entity, 0);
		status = add_buffer(r, &out);
	}
	kmeta_list_close(partitions);
	kmeta_image_free(image);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status freeze(struct result *r)
{
	struct kmeta_image *image = NULL, *copy = NULL;
	struct kmeta_frozen *frozen = NULL;
	uint8_t hash[32];
	enum kmeta_status status = load(r, path, at(200), false, &image);

	if (status != KMETA_OK)
		return status;
	frozen = image_freeze(image);
	copy = frozen ? image_thaw(frozen) : NULL;
	if (copy)
		status = kmeta_image_hash(copy, hash, &r->why);
	else
		r->why.code = KMETA_OUT_OF_MEMORY;
	if (copy && status == KMETA_OK)
		add(r, hash, sizeof(hash));
	frozen_free(frozen);
	kmeta_image_free(image);
	kmeta_image_free(copy);
	return copy ? status : KMETA_FAILED;
}

static bool see_change(void *context, const struct kmeta_change *change)
{
	struct result *r = context;
	const struct kmeta_entity *entity = change->after ? change->after : change->before;

	add(r, &entity->kind, sizeof(entity->kind));
	add(r, entity->key.data, entity->key.size);
	return true;
}

static enum kmeta_status diff(struct result *r)
{
	struct kmeta_image *before = NULL, *after = NULL;
	enum kmeta_status status = load(r, path, at(150), false, &before);

	if (status == KMETA_OK)
		status = load(r, path, at(300), false, &after);
	if (status == KMETA_OK)
		status = kmeta_diff(before, after, see_change, r, &r->why);
	kmeta_image_free(before);
	kmeta_image_free(after);
	return status;
}

static bool see_event(void *context, const struct kmeta_event *event)
{
	struct result *r = context;

	add(r, &event->record->offset, sizeof(event->record->offset));
	return see_change(r, &event->change);
}

static enum kmeta_status history(struct result *r)
{
	static const char *const targets[] = { "*",        "brokers", "controllers",
		                               "features", "configs", "zk-migration" };
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = targets,
		                                       .targets_count = COUNT(targets),
		                                       .seen = see_event,
		                                       .report = report,
		                                       .context = r };
	struct kmeta_history_span span;
	const enum kmeta_status status = kmeta_history(path, &options, &span, &r->why);

	if (status == KMETA_OK)
		add(r, &span, sizeof(span));
	return status;
}

static enum kmeta_status reach(struct result *r, struct kmeta_timeline *timeline,
                               struct kmeta_pages *pages)
{
	static const int64_t offsets[] = { 290, 120, 130 };
	const struct kmeta_reach_options options = {
		.size = sizeof(options), .seen = see_event, .watched = 125, .context = r
	};
	struct kmeta_image *image = NULL;
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < COUNT(offsets) && status == KMETA_OK; i++) {
		status = kmeta_timeline_state(timeline, pages, at(offsets[i]), &image,
		                              i == 2 ? &options : NULL, &r->why);
		for (int kind = 0; kind < KMETA_ENTITY_KINDS && status == KMETA_OK; kind++) {
			const size_t count = kmeta_image_count(image, (enum kmeta_entity_kind)kind);

			add(r, &count, sizeof(count));
		}
	}
	kmeta_image_free(image);
	return status;
}

static enum kmeta_status timeline(struct result *r)
{
	struct kmeta_timeline *t = NULL;
	struct kmeta_pages *pages = NULL;
	struct kmeta_step step = { 0 };
	enum kmeta_status status = kmeta_pages_open(&pages, path, &r->why);

	if (status == KMETA_OK)
		status = kmeta_timeline_open(&t, pages, NULL, &r->why);
	if (status == KMETA_OK)
		status = reach(r, t, pages);
	if (status == KMETA_OK)
		status = kmeta_timeline_scan(t, NULL, NULL, &r->why);
	if (status == KMETA_OK)
		status = reach(r, t, pages);
	if (status == KMETA_OK)
		status = kmeta_timeline_next_change(t, "brokers*", 0, false, NULL, NULL, &step,
		                                    &r->why);
	if (status == KMETA_OK)
		add(r, &step, sizeof(step));
	kmeta_timeline_close(t);
	kmeta_pages_close(pages);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status verify(struct result *r)
{
	const char *const addresses[] = { path, other };
	/* A small file beside the log that cannot be read for lack of memory looks as if it were
	 * damaged, or not there. */
	const struct kmeta_verify_options options = { .size = sizeof(options),
		                                      .checks = KMETA_CHECK_ALL &
		                                                ~(unsigned)KMETA_CHECK_DIRECTORY };
	struct kmeta_verify_totals totals;
	const enum kmeta_status status =
		kmeta_verify(addresses, 2, &options, report, r, &totals, &r->why);

	if (status == KMETA_OK)
		add(r, &totals, sizeof(totals));
	return status;
}

static enum kmeta_status count(struct result *r)
{
	const struct kmeta_stat_options options = { .size = sizeof(options),
		                                    .report = report,
		                                    .context = r };
	struct kmeta_stats *stats = NULL;
	const enum kmeta_status status = kmeta_stat(&stats, path, &options, &r->why);

	if (status != KMETA_OK)
		return status;
	add(r, &stats->records, sizeof(stats->records));
	for (size_t i = 0; i < stats->types_count; i++)
		add(r, &stats->types[i].count, sizeof(stats->types[i].count));
	for (size_t i = 0; i < stats->topics_count; i++)
		add(r, &stats->topics[i].count, sizeof(stats->topics[i].count));
	for (size_t i = 0; i < stats->brokers_count; i++)
		add(r, &stats->brokers[i].changes, sizeof(stats->brokers[i].changes));
	kmeta_stats_free(stats);
	return status;
}

static enum kmeta_status compare(struct result *r)
{
	struct kmeta_logs compared;
	const enum kmeta_status status = kmeta_compare_logs(path, other, NULL, &compared, &r->why);

	if (status == KMETA_OK)
		add(r, &compared.last_common, sizeof(compared.last_common));
	return status;
}

static enum kmeta_status read_address(struct result *r)
{
	char *file = NULL;
	struct kmeta_point point;
	const enum kmeta_status status =
		kmeta_address_parse("a/directory@2026-11-24T14:15Z", 0, &file, &point, &r->why);

	if (status == KMETA_OK)
		add(r, &point.value, sizeof(point.value));
	free(file);
	return status;
}

static const struct {
	const char *name;
	enum kmeta_status (*run)(struct result *r);
} works[] = {
	{ "load from the log", load_state },
	{ "load from a checkpoint, as JSON", load_checkpoint },
	{ "write a checkpoint", write_checkpoint },
	{ "node", read_node },
	{ "walk", walk },
	{ "list", list },
	{ "freeze and thaw", freeze },
	{ "diff", diff },
	{ "history", history },
	{ "timeline", timeline },
	{ "verify", verify },
	{ "statistics", count },
	{ "compare logs", compare },
	{ "address", read_address },
};

/* ---- what is tried ---- */

struct attempt {
	enum kmeta_status status;
	struct result r;
	bool failed; /* an allocation did */
	long used;   /* allocations */
};

static struct attempt attempt(size_t work, long nth, bool once)
{
	struct attempt a = { 0 };

	fails_once = once;
	counting = true;
	alive = 0;
	memory_failed = false;
	allocations_left = nth;
	a.status = works[work].run(&a.r);
	a.used = nth - allocations_left;
	allocations_left = -1;
	counting = false;
	a.failed = memory_failed;
	return a;
}

static void expect_honest(size_t work, long nth, bool once, const struct result *wanted)
{
	const struct attempt a = attempt(work, nth, once);
	const char *name = works[work].name;

	cr_assert_eq(alive, 0, "%s: %ld blocks are left after allocation %ld failed", name, alive,
	             nth);
	if (a.status == KMETA_OK) {
		cr_assert(a.r.sum == wanted->sum || (a.failed && a.r.findings_of_memory),
		          "%s: allocation %ld failed%s, and the result is another", name, nth,
		          once ? " once" : "");
		return;
	}
	cr_assert(a.failed && a.r.why.code == KMETA_OUT_OF_MEMORY, "%s: allocation %ld%s: %s: %s",
	          name, nth, once ? " once" : "", kmeta_code_name(a.r.why.code), a.r.why.message);
}

ROWS(failing_state, memory, works)
ParameterizedTest(const size_t *row, failing_state, memory, .timeout = 300)
{
	for (size_t log = 0; log < COUNT(logs); log++) {
		struct attempt whole;
		int files;

		snprintf(path, sizeof(path), "%s/real/%s", getenv("TESTDATA"), logs[log]);
		snprintf(other, sizeof(other), "%s/real/%s", getenv("TESTDATA"),
		         log ? logs[log] : "kraft-4.3-full/node-2/__cluster_metadata-0");
		/* What is made once and stays, as the time zone. */
		attempt(*row, LONG_MAX, true);
		files = open_files();
		whole = attempt(*row, LONG_MAX, true);
		cr_assert_eq(whole.status, KMETA_OK, "%s: %s", works[*row].name,
		             whole.r.why.message);
		cr_assert_gt(whole.used, 0);
		/* If one fails alone, work may go on without what it was for. */
		for (long i = 0; i < whole.used; i++)
			expect_honest(*row, i, true, &whole.r);
		for (long i = 0; i < whole.used; i += i / 16 + 1)
			expect_honest(*row, i, false, &whole.r);
		cr_expect_eq(open_files(), files);
	}
}
