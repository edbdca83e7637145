/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c: checks addresses one after another, and reports the findings in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "check/check_directory.h"
#include "check/check_nodes.h"

/* How often to start again on a directory whose files vanish meanwhile. */
enum { FINDINGS_LIMIT = 10000, TRIES = 8 };

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
	int first_release, last_release; /* by number */
	struct kmeta_buffer voters;      /* of the configuration, sorted */
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
static void report_findings(void *context, const char *address, const struct findings *findings)
{
	struct verifier *v = context;
	struct kmeta_finding memory;

	for (size_t i = 0; i < findings->count; i++) {
		if (finding_is_fatal(findings->at[i].code))
			verify_fail(v, address, &findings->at[i]);
		if (!v->stopped && v->report)
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

/* The releases that start on all directories so far. */
static void add_releases(struct verifier *v, const struct check_directory *p)
{
	const bool first = !v->totals->judged;

	if (!check_directory_is_judged(p))
		return;
	v->totals->judged++;
	v->totals->unknown_states += !p->state.is_known;
	if (first || p->first_release > v->first_release)
		v->first_release = p->first_release;
	if (first || p->last_release < v->last_release)
		v->last_release = p->last_release;
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
	add_releases(v, p);
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

static void keep_node(struct verifier *v, struct check_directory *p, const char *address)
{
	struct node *node = &v->nodes[v->nodes_count];

	if (!p->is_directory && (!p->segments || p->files[0].failed))
		return;
	*node = (struct node){ .address = address, .until = p->until };
	if (!strcmp(address, "-"))
		node->obstacle = "standard input can be read only once";
	else if (!p->segments)
		node->obstacle = "it holds no segment";
	v->nodes_count++;
	node->identity = p->identity;
	p->identity = (struct identity){ 0 };
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
	struct kmeta_finding nodes;
	enum kmeta_status status = options_take(&v.options, sizeof(v.options), options, why);

	v.wishes = (struct check_wishes){
		.checks = !own->checks || own->checks == KMETA_CHECK_START ? KMETA_CHECK_ALL
		                                                           : own->checks,
		.start_alone = own->checks == KMETA_CHECK_START,
		.jobs = own->jobs,
		.release = own->release ? release_find(own->release) : -1,
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
	if (status == KMETA_OK && own->release && v.wishes.release < 0)
		status = finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                     own->release);
	if (status == KMETA_OK && !v.nodes)
		status = finding_memory(why);
	if (status != KMETA_OK) {
		free(v.nodes);
		return status;
	}
	buffer_add(&v.voters, own->static_voters, own->static_voters_count * sizeof(int32_t));
	numbers_sort(v.voters.at, own->static_voters_count);
	v.wishes.static_voters = kmeta_buffer_bytes(&v.voters);
	if (v.voters.failed) {
		kmeta_buffer_release(&v.voters);
		free(v.nodes);
		return finding_memory(why);
	}
	pthread_mutex_init(&v.lock, NULL);
	for (size_t i = 0; i < count; i++)
		verify_address(&v, addresses[i],
		               own->points ? own->points[i] : (struct kmeta_point){ 0 });
	if (v.wishes.checks & KMETA_CHECK_NODES && !v.wishes.start_alone &&
	    check_nodes(v.nodes, v.nodes_count, v.wishes.dialect, report_findings, &v, &nodes) !=
	            KMETA_OK)
		verify_fail(&v, nodes.file, &nodes);
	if (totals->judged && v.first_release <= v.last_release) {
		totals->first_release = release_at((size_t)v.first_release)->name;
		totals->last_release = release_at((size_t)v.last_release)->name;
	}
	pthread_mutex_destroy(&v.lock);
	for (size_t i = 0; i < v.nodes_count; i++)
		identity_release(&v.nodes[i].identity);
	free(v.nodes);
	kmeta_buffer_release(&v.voters);
	return v.failed ? KMETA_FAILED : KMETA_OK;
}
