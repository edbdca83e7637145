/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c: checks addresses one after another, and reports the findings in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/options.h"
#include "check/check_directory.h"
#include "check/nodes.h"

/* How often to start again on a directory whose files vanish meanwhile. */
enum { FINDINGS_LIMIT = 10000, TRIES = 8 };

/* An address with a log, not only a checkpoint. */
struct node {
	const char *address;
	struct kmeta_point until;
	const char *obstacle; /* why it cannot be compared with others; NULL: it can */
};

/* The batches at which two logs part, for each difference that was reported. */
struct differences {
	struct kmeta_batch (*at)[2];
	size_t count;
};

/* The work of one kmeta_verify(). */
struct verifier {
	struct kmeta_verify_options options;
	struct check_wishes wishes;
	kmeta_report *report;
	void *report_context;
	struct kmeta_verify_totals *totals;
	struct kmeta_finding *why; /* of the first failure */
	bool failed;
	bool stopped; /* the report asked to stop */
	struct node *nodes;
	size_t nodes_count;
	pthread_mutex_t lock;
	int64_t bytes, bytes_total; /* progress so far, and in all */
};

unsigned kmeta_check_of(const char *name, size_t size)
{
	for (size_t i = 0; i < KMETA_CHECK_COUNT; i++)
		if (strlen(kmeta_check_name(i)) == size && !memcmp(kmeta_check_name(i), name, size))
			return 1u << i;
	return 0;
}

const char *kmeta_check_name(size_t number)
{
#define NAME(identifier, text) text,
	static const char *const names[] = { KMETA_CHECKS(NAME) };
#undef NAME

	return number < KMETA_CHECK_COUNT ? names[number] : NULL;
}

/* ---- progress ---- */

/* Called under the lock, so that the caller's function need not be thread-safe. */
static void add_progress(void *context, int64_t bytes)
{
	struct verifier *v = context;

	pthread_mutex_lock(&v->lock);
	v->bytes += bytes;
	v->options.progress(v->options.context, v->bytes, v->bytes_total);
	pthread_mutex_unlock(&v->lock);
}

/* ---- telling ---- */

/* With several addresses, a later file may be earlier in the log. */
static void add_loss(struct kmeta_verify_totals *t, const struct check_file *f)
{
	const struct loss *lost = &f->lost;
	const bool first = t->first_lost < 0;

	t->lost_bytes += lost->bytes;
	t->lost_gaps += lost->gaps;
	if (f->is_checkpoint || lost->first < 0)
		return;
	if (first || (t->last_lost >= 0 && (lost->last < 0 || lost->last > t->last_lost)))
		t->last_lost = lost->last;
	if (first || lost->first < t->first_lost)
		t->first_lost = lost->first;
}

static void add_totals(struct verifier *v, const struct check_file *f)
{
	struct kmeta_verify_totals *t = v->totals;

	t->files += !f->failed || f->bytes;
	t->batches += f->batches;
	t->records += f->records;
	t->bytes += f->bytes;
	add_loss(t, f);
	if (f->is_checkpoint || !f->batches)
		return;
	if (t->first_offset < 0 || f->first_offset < t->first_offset)
		t->first_offset = f->first_offset;
	if (f->last_offset > t->last_offset)
		t->last_offset = f->last_offset;
	if (t->first_time < 0 || f->first_time < t->first_time)
		t->first_time = f->first_time;
	if (f->last_time > t->last_time)
		t->last_time = f->last_time;
	if (f->epochs.count && (t->first_epoch < 0 || f->epochs.at[0].epoch < t->first_epoch))
		t->first_epoch = f->epochs.at[0].epoch;
	if (f->epochs.count && f->epochs.at[f->epochs.count - 1].epoch > t->last_epoch)
		t->last_epoch = f->epochs.at[f->epochs.count - 1].epoch;
}

/* Keeps the first failure for the caller, in memory that lives long enough. */
static void verify_fail(struct verifier *v, const char *address, const struct kmeta_finding *why)
{
	if (!v->failed) {
		*v->why = *why;
		finding_detach(v->why, address);
		v->why->file = address;
	}
	v->failed = true;
}

/* What could not be looked at is a failure, in whatever file it is. */
static void report_findings(struct verifier *v, const char *address,
                            const struct findings *findings)
{
	struct kmeta_finding memory;

	for (size_t i = 0; i < findings->count; i++) {
		if (finding_is_fatal(findings->at[i].code))
			verify_fail(v, address, &findings->at[i]);
		if (!v->stopped)
			v->stopped = !v->report(v->report_context, &findings->at[i]);
	}
	if (findings->failed) {
		finding_memory(&memory);
		verify_fail(v, address, &memory);
	}
	v->totals->unreadable += findings->unread;
	v->totals->errors += findings->severities[KMETA_ERROR];
	v->totals->warnings += findings->severities[KMETA_WARNING];
	v->totals->notes += findings->severities[KMETA_NOTE];
}

static void tell_one(struct verifier *v, const char *address, const struct kmeta_finding *finding)
{
	struct findings findings = { .limit = 1 };

	findings_keep(&findings, finding);
	report_findings(v, address, &findings);
	findings_release(&findings);
}

static void tell_place(struct verifier *v, const char *address, const struct check_directory *p)
{
	for (size_t i = 0; i < p->count; i++) {
		report_findings(v, address, &p->files[i].findings);
		/* bootstrap.checkpoint is no part of the log. */
		if (p->files[i].path != p->bootstrap)
			add_totals(v, &p->files[i]);
	}
	report_findings(v, address, &p->findings);
}

/* ---- addresses ---- */

static void fail_place(struct verifier *v, const struct check_directory *p, const char *address)
{
	struct kmeta_finding why;

	finding_memory(&why);
	for (size_t i = p->count; i-- > 0;)
		if (p->files[i].failed)
			why = p->files[i].why;
	verify_fail(v, address, &why);
}

/* FAILED: the address could not be opened or checked. */
static enum kmeta_status check_address(struct verifier *v, struct check_directory *p,
                                       const char *address, struct kmeta_point until,
                                       struct kmeta_finding *why)
{
	enum kmeta_status status;

	for (int tries = 1;; tries++) {
		status = check_directory_open(p, &v->wishes, address, until, why);
		if (status != KMETA_OK)
			return status;
		v->bytes_total += check_directory_size(p);
		status = check_directory_run(p);
		if (!check_directory_is_stale(p) || tries == TRIES)
			break;
		check_directory_release(p);
	}
	tell_place(v, address, p);
	if (status != KMETA_OK)
		fail_place(v, p, address);
	return KMETA_OK;
}

static void keep_node(struct verifier *v, const struct check_directory *p, const char *address)
{
	const char *obstacle = NULL;

	if (!p->is_directory && (!p->segments || p->files[0].failed))
		return;
	if (!strcmp(address, "-"))
		obstacle = "standard input can be read only once";
	else if (!p->segments)
		obstacle = "it holds no segment";
	v->nodes[v->nodes_count++] = (struct node){ address, p->until, obstacle };
}

static void verify_address(struct verifier *v, const char *address, struct kmeta_point until)
{
	struct kmeta_finding why;
	struct check_directory p;

	if (check_address(v, &p, address, until, &why) == KMETA_OK) {
		keep_node(v, &p, address);
	} else {
		why.file = why.file ? why.file : address;
		tell_one(v, address, &why);
	}
	check_directory_release(&p);
}

/* ---- nodes ---- */

/* True if the batches of "a" and "b" are those of an earlier difference between other nodes. */
static bool is_known(const struct differences *known, const struct kmeta_logs *logs)
{
	for (size_t i = 0; i < known->count; i++) {
		const struct kmeta_batch *pair = known->at[i];

		if ((nodes_same_batch(&pair[0], &logs->first) &&
		     nodes_same_batch(&pair[1], &logs->second)) ||
		    (nodes_same_batch(&pair[0], &logs->second) &&
		     nodes_same_batch(&pair[1], &logs->first)))
			return true;
	}
	return false;
}

static void tell_difference(struct verifier *v, const char *second, const struct kmeta_logs *logs)
{
	struct findings findings = { .limit = 1 };
	char common[80] = "nothing in common";

	if (logs->last_common >= 0)
		snprintf(common, sizeof(common), "in common up to offset %lld, epoch %d",
		         (long long)logs->last_common, logs->last_epoch);
	findings_add(&findings, KMETA_NODES_DIFFER, logs->second_file, logs->second.position,
	             logs->second.base_offset, "differs from %s byte %lld; %s", logs->first_file,
	             (long long)logs->first.position, common);
	report_findings(v, second, &findings);
	findings_release(&findings);
}

static void tell_not_compared(struct verifier *v, const char *address, const char *other,
                              const char *cause)
{
	struct findings findings = { .limit = 1 };

	findings_add(&findings, KMETA_NOT_CHECKED, address, -1, -1, "not compared with %s: %s",
	             other, cause);
	report_findings(v, address, &findings);
	findings_release(&findings);
}

/* Reports a difference once, however many nodes are on either side of it. */
static void compare_nodes(struct verifier *v, struct differences *known, const struct node *a,
                          const struct node *b)
{
	const struct kmeta_point points[2] = { a->until, b->until };
	const char *first = a->address, *second = b->address;
	struct kmeta_logs logs;
	struct kmeta_finding why;

	if (kmeta_compare_logs(first, second, points, &logs, &why) != KMETA_OK) {
		tell_not_compared(v, second, first, why.message);
		verify_fail(v, second, &why);
	} else if (logs.differ && !is_known(known, &logs)) {
		known->at[known->count][0] = logs.first;
		known->at[known->count++][1] = logs.second;
		tell_difference(v, second, &logs);
	} else if (!logs.differ && logs.last_common < 0) {
		tell_not_compared(v, second, first, "they have no offset in common");
	}
}

static int by_address(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return strcmp(x->address, y->address);
}

/*
 * Compares each node with each other one: two that differ may both agree with a third whose log is
 * shorter. The order of the addresses makes no difference to what is found.
 */
static enum kmeta_status compare_all(struct verifier *v, struct kmeta_finding *why)
{
	const size_t count = v->nodes_count;
	struct differences known = { .at = calloc(count * count + 1, sizeof(*known.at)) };

	if (!known.at)
		return finding_memory(why);
	qsort(v->nodes, count, sizeof(*v->nodes), by_address);
	for (size_t i = 0; count > 1 && i < count; i++) {
		if (v->nodes[i].obstacle)
			tell_not_compared(v, v->nodes[i].address, "the others",
			                  v->nodes[i].obstacle);
		for (size_t j = 0; j < i; j++)
			if (!v->nodes[i].obstacle && !v->nodes[j].obstacle)
				compare_nodes(v, &known, &v->nodes[j], &v->nodes[i]);
	}
	free(known.at);
	return KMETA_OK;
}

enum kmeta_status kmeta_verify(const char *const *addresses, size_t count,
                               const struct kmeta_verify_options *options, kmeta_report *report,
                               void *context, struct kmeta_verify_totals *totals,
                               struct kmeta_finding *why)
{
	struct verifier v = { .report = report,
		              .report_context = context,
		              .totals = totals,
		              .why = why,
		              .nodes = calloc(count + 1, sizeof(*v.nodes)) };
	const struct kmeta_verify_options *own = &v.options;
	enum kmeta_status status = options_take(&v.options, sizeof(v.options), options, why);

	v.wishes = (struct check_wishes){
		.checks = own->checks ? own->checks : KMETA_CHECK_ALL,
		.jobs = own->jobs,
		.checksum_only = own->checksum_only,
		.dialect = own->dialect,
		.findings_limit = own->findings_limit ? own->findings_limit : FINDINGS_LIMIT,
		.progress = own->progress ? add_progress : NULL,
		.context = &v,
	};
	*totals = (struct kmeta_verify_totals){ .first_lost = -1,
		                                .last_lost = -1,
		                                .first_offset = -1,
		                                .last_offset = -1,
		                                .first_time = -1,
		                                .last_time = -1,
		                                .first_epoch = -1,
		                                .last_epoch = -1 };
	if (status == KMETA_OK && !v.nodes)
		status = finding_memory(why);
	if (status != KMETA_OK) {
		free(v.nodes);
		return status;
	}
	pthread_mutex_init(&v.lock, NULL);
	for (size_t i = 0; i < count; i++)
		verify_address(&v, addresses[i],
		               own->points ? own->points[i] : (struct kmeta_point){ 0 });
	if (v.wishes.checks & KMETA_CHECK_NODES && compare_all(&v, why) != KMETA_OK)
		v.failed = true;
	pthread_mutex_destroy(&v.lock);
	free(v.nodes);
	return v.failed ? KMETA_FAILED : KMETA_OK;
}
