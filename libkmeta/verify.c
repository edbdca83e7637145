/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c: checks files and directories, one after another or side by side, and tells what was
 * found in order. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "batch.h"
#include "dirfiles.h"
#include "finding.h"
#include "logdir.h"
#include "meaning.h"

enum { FINDINGS_LIMIT = 10000, JOBS_LIMIT = 64, SNAPSHOT_HEADER = 3 };

/* All that is verified in one call. */
struct verifier {
	const struct kmeta_verify_options *options;
	unsigned checks;
	kmeta_report *report;
	void *report_context;
	struct kmeta_verify_totals *totals;
	struct kmeta_finding *why;
	bool stopped; /* by the report */
	pthread_mutex_t lock;
	int64_t bytes, bytes_total; /* of progress */
};

/* One directory, or one file as if it were alone in one. */
struct place {
	struct logdir dir;
	bool is_directory;
	struct check_file *files; /* segments, then checkpoints */
	size_t count, segments;
	struct findings findings; /* of the place as a whole */
	struct dirfiles dirfiles;
	struct check_epochs epochs;
	bool damaged;     /* a segment could not be read whole */
	size_t next_task; /* of those side by side, under the verifier's lock */
	struct verifier *v;
	enum kmeta_status status;
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

/* Told under the lock: whoever listens need not know of threads. */
static void progress(void *context, int64_t bytes)
{
	struct verifier *v = context;

	pthread_mutex_lock(&v->lock);
	v->bytes += bytes;
	v->options->progress(v->options->context, v->bytes, v->bytes_total);
	pthread_mutex_unlock(&v->lock);
}

/* ---- what a place holds ---- */

static size_t limit_of(const struct verifier *v)
{
	return v->options->findings_limit ? v->options->findings_limit : FINDINGS_LIMIT;
}

static struct check_file file_of(struct verifier *v, const char *path, bool is_checkpoint)
{
	unsigned checks = v->checks;

	if (v->options->checksum_only)
		checks = KMETA_CHECK_BYTES;
	return (struct check_file){ .path = path,
		                    .is_checkpoint = is_checkpoint,
		                    .checks = checks,
		                    .checksum_only = v->options->checksum_only,
		                    .dialect = v->options->dialect,
		                    .progress = v->options->progress ? progress : NULL,
		                    .progress_context = v,
		                    .findings = { .limit = limit_of(v) } };
}

static enum kmeta_status list_directory(struct place *p, const char *path)
{
	struct verifier *v = p->v;
	const struct logdir *dir = &p->dir;
	enum kmeta_status status = logdir_open(&p->dir, path, false, v->why);

	if (status != KMETA_OK)
		return status;
	p->is_directory = true;
	p->segments = dir->segments.count;
	p->count = dir->segments.count + dir->checkpoints.count;
	p->files = calloc(p->count, sizeof(*p->files));
	if (!p->files)
		return finding_memory(v->why);
	for (size_t i = 0; i < p->count; i++)
		p->files[i] = i < p->segments
		                      ? file_of(v, dir->segments.at[i].path, false)
		                      : file_of(v, dir->checkpoints.at[i - p->segments].path, true);
	return KMETA_OK;
}

/* Whether a file alone is a checkpoint its name says, or, where that says nothing, its first
 * record. */
static bool is_checkpoint(const char *path)
{
	const size_t size = strlen(path);
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch;
	struct kmeta_record record;
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding ignored;
	bool header;

	if (size > 11 && !strcmp(path + size - 11, ".checkpoint"))
		return true;
	if (!strcmp(path, "-") || (size > 4 && !strcmp(path + size - 4, ".log")) ||
	    kmeta_source_open(&source, path, NULL, &ignored) != KMETA_OK)
		return false;
	header = kmeta_source_next(source, &batch, &ignored) == KMETA_OK &&
	         kmeta_batch_next(&batch, &cursor, &record, &ignored) == KMETA_OK &&
	         record.control && record.type == SNAPSHOT_HEADER && record.value.size == 11;
	kmeta_source_close(source);
	return header;
}

static enum kmeta_status list_file(struct place *p, const char *path)
{
	p->files = calloc(1, sizeof(*p->files));
	if (!p->files)
		return finding_memory(p->v->why);
	p->files[0] = file_of(p->v, path, is_checkpoint(path));
	p->count = 1;
	p->segments = !p->files[0].is_checkpoint;
	return KMETA_OK;
}

static int64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : 0;
}

static enum kmeta_status list(struct place *p, const char *path)
{
	struct stat st;
	enum kmeta_status status;

	p->findings.limit = limit_of(p->v);
	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		status = list_directory(p, path);
	else
		status = list_file(p, path);
	for (size_t i = 0; status == KMETA_OK && i < p->count; i++)
		p->v->bytes_total += size_of(p->files[i].path);
	return status;
}

static void release(struct place *p)
{
	for (size_t i = 0; p->files && i < p->count; i++)
		check_file_release(&p->files[i]);
	free(p->files);
	free(p->epochs.at);
	findings_release(&p->findings);
	dirfiles_release(&p->dirfiles);
	logdir_release(&p->dir);
}

/* ---- replay ---- */

static bool replays(const struct verifier *v)
{
	return v->checks & (KMETA_CHECK_MEANING | KMETA_CHECK_REPLAY_MATCH) &&
	       !v->options->checksum_only;
}

/* A checkpoint that tells the state where the segments begin, or soon after; NULL: they begin with
 * nothing. */
static const struct logdir_file *base_of(const struct logdir *dir, int64_t start)
{
	const struct logdir_file *base = NULL;

	for (size_t i = 0; start > 0 && i < dir->checkpoints.count; i++)
		if (!base || dir->checkpoints.at[i].offset <= start)
			base = &dir->checkpoints.at[i];
	return base;
}

static enum kmeta_status begin_meaning(struct place *p, struct meaning *m)
{
	const char *path = p->segments ? p->files[0].path : NULL;
	const struct logdir_file *base;
	int64_t start = 0;

	*m = (struct meaning){ .findings = &p->findings,
		               .violations = p->v->checks & KMETA_CHECK_MEANING,
		               .dialect = p->v->options->dialect };
	if (p->v->checks & KMETA_CHECK_REPLAY_MATCH)
		m->checkpoints = &p->dir.checkpoints;
	if (path && logdir_segment_name(path, &start) && start > 0 && !p->dir.checkpoints.count) {
		meaning_give_up(m, path, start);
		return KMETA_OK;
	}
	base = base_of(&p->dir, start);
	return meaning_begin(m, base);
}

/* The segments of a place in order, as one state, with all else that is checked of them in the same
 * pass. */
static enum kmeta_status replay_segments(struct place *p)
{
	struct meaning meaning;
	struct check_observer observer;
	enum kmeta_status status = begin_meaning(p, &meaning);

	observer = meaning_observer(&meaning);
	for (size_t i = 0; i < p->segments && status == KMETA_OK; i++) {
		struct check_file *f = &p->files[i];

		f->meaning.limit = f->findings.limit;
		meaning.findings = &f->meaning;
		f->observer = &observer;
		status = check_file(f);
		f->observer = NULL;
	}
	meaning.findings = &p->findings;
	if (status == KMETA_OK && p->segments)
		meaning_end(&meaning, p->files[p->segments - 1].path);
	meaning_release(&meaning);
	return status;
}

/* ---- files ---- */

static enum kmeta_status check_checkpoint(struct place *p, struct check_file *f)
{
	struct meaning meaning = { .findings = &f->meaning,
		                   .violations = p->v->checks & KMETA_CHECK_MEANING };
	const struct check_observer observer = meaning_observer(&meaning);
	enum kmeta_status status = KMETA_OK;

	f->meaning.limit = f->findings.limit;
	if (replays(p->v)) {
		status = meaning_begin(&meaning, NULL);
		f->observer = &observer;
	}
	if (status == KMETA_OK)
		status = check_file(f);
	f->observer = NULL;
	meaning_release(&meaning);
	return status;
}

static enum kmeta_status check_one(struct place *p, size_t i)
{
	return p->files[i].is_checkpoint ? check_checkpoint(p, &p->files[i])
	                                 : check_file(&p->files[i]);
}

/*
 * What can be done side by side: each file by itself; but where segments are replayed, they are one
 * state, and one thing to do.
 */
static size_t count_tasks(const struct place *p)
{
	return replays(p->v) && p->segments ? p->count - p->segments + 1 : p->count;
}

static enum kmeta_status do_task(struct place *p, size_t task)
{
	if (!replays(p->v) || !p->segments)
		return check_one(p, task);
	return task ? check_one(p, p->segments + task - 1) : replay_segments(p);
}

static enum kmeta_status check_in_order(struct place *p)
{
	enum kmeta_status status = KMETA_OK;

	for (size_t task = 0; task < count_tasks(p) && status == KMETA_OK; task++)
		status = do_task(p, task);
	return status;
}

/* ---- side by side ---- */

/* False: nothing is left to do. */
static bool next_task(struct place *p, size_t *task)
{
	bool left;

	pthread_mutex_lock(&p->v->lock);
	left = p->status == KMETA_OK && p->next_task < count_tasks(p);
	*task = left ? p->next_task++ : 0;
	pthread_mutex_unlock(&p->v->lock);
	return left;
}

static void *work(void *argument)
{
	struct place *p = argument;
	size_t task;

	while (next_task(p, &task)) {
		const enum kmeta_status status = do_task(p, task);

		if (status == KMETA_OK)
			continue;
		pthread_mutex_lock(&p->v->lock);
		p->status = status;
		pthread_mutex_unlock(&p->v->lock);
	}
	return NULL;
}

static enum kmeta_status check_side_by_side(struct place *p, unsigned jobs)
{
	pthread_t threads[JOBS_LIMIT];
	unsigned started = 0;

	while (started + 1 < jobs && started < JOBS_LIMIT &&
	       pthread_create(&threads[started], NULL, work, p) == 0)
		started++;
	work(p);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	return p->status;
}

/* ---- segments among each other ---- */

static int64_t begin_of(const struct check_file *f)
{
	int64_t named;

	if (f->first_offset >= 0)
		return f->first_offset;
	return logdir_segment_name(f->path, &named) ? named : -1;
}

static void check_succession(struct place *p, const struct check_file *before,
                             const struct check_file *f)
{
	const int64_t expected = batch_behind(before->last_offset), begin = begin_of(f);

	/* Behind damage a gap is what was lost. */
	if (begin < 0 || before->last_offset < 0 || begin == expected ||
	    (before->damaged && begin > expected))
		return;
	findings_add(&p->findings, begin > expected ? KMETA_OFFSET_GAP : KMETA_OFFSET_OVERLAP,
	             f->path, 0, begin,
	             "the segment begins at offset %lld, but the one before it ends at %lld",
	             (long long)begin, (long long)before->last_offset);
}

static bool join_epochs(struct place *p, const struct check_file *f)
{
	struct check_epochs *all = &p->epochs;
	struct check_epoch *at = realloc(all->at, (all->count + f->epochs.count + 1) * sizeof(*at));

	if (!at)
		return false;
	all->at = at;
	for (size_t i = 0; i < f->epochs.count; i++)
		if (!all->count || f->epochs.at[i].epoch > all->at[all->count - 1].epoch)
			all->at[all->count++] = f->epochs.at[i];
	return true;
}

static void check_epochs(struct place *p, const struct check_file *f)
{
	const struct check_epochs *all = &p->epochs;

	if (all->count && f->epochs.count &&
	    f->epochs.at[0].epoch < all->at[all->count - 1].epoch &&
	    p->v->checks & KMETA_CHECK_ORDER)
		findings_add(&p->findings, KMETA_EPOCH_BACK, f->path, 0, f->first_offset,
		             "leader epoch %d follows %d of the segment before",
		             f->epochs.at[0].epoch, all->at[all->count - 1].epoch);
}

static enum kmeta_status check_segments_together(struct place *p)
{
	const struct check_file *before = NULL;

	for (size_t i = 0; i < p->segments; i++) {
		const struct check_file *f = &p->files[i];

		if (before && p->v->checks & KMETA_CHECK_ORDER)
			check_succession(p, before, f);
		check_epochs(p, f);
		if (!join_epochs(p, f))
			return finding_memory(p->v->why);
		before = f->last_offset >= 0 ? f : before;
		p->damaged |= f->damaged;
	}
	return KMETA_OK;
}

/* ---- the directory ---- */

static int64_t end_offset(const struct place *p)
{
	for (size_t i = p->segments; i-- > 0;) {
		int64_t named;

		if (p->files[i].last_offset >= 0)
			return batch_behind(p->files[i].last_offset);
		if (logdir_segment_name(p->files[i].path, &named))
			return named;
	}
	return -1;
}

static void check_checkpoint_names(struct place *p)
{
	const int64_t end = end_offset(p);

	for (size_t i = 0; i < p->dir.checkpoints.count && p->segments; i++) {
		const struct logdir_file *checkpoint = &p->dir.checkpoints.at[i];

		if (checkpoint->offset > end && !p->damaged)
			findings_add(
				&p->findings, KMETA_PAST_LOG, checkpoint->path, 0,
				checkpoint->offset,
				"the checkpoint is named for end offset %lld, but the log ends at %lld",
				(long long)checkpoint->offset, (long long)end);
	}
}

static void check_directory(struct place *p)
{
	p->dirfiles =
		(struct dirfiles){ .directory = p->dir.path,
		                   .epochs = &p->epochs,
		                   .first_offset = p->segments ? begin_of(&p->files[0]) : -1,
		                   .oldest_checkpoint = p->dir.checkpoints.count
		                                                ? p->dir.checkpoints.at[0].offset
		                                                : -1,
		                   .damaged = p->damaged || !p->segments,
		                   .findings = &p->findings };
	dirfiles_check(&p->dirfiles);
	check_checkpoint_names(p);
}

/* A batch that is just being written is no fault: by now the file has grown beyond what was read.
 */
static void forgive_growth(struct check_file *f)
{
	const struct findings *found = &f->findings;
	const struct kmeta_finding *last = found->count ? &found->at[found->count - 1] : NULL;

	if (!last || last->code != KMETA_TRUNCATED ||
	    size_of(f->path) <= last->position + last->size)
		return;
	f->findings.count--;
	f->findings.severities[KMETA_ERROR]--;
}

/* ---- telling ---- */

static void add_totals(struct verifier *v, const struct check_file *f)
{
	struct kmeta_verify_totals *t = v->totals;

	t->files++;
	t->batches += f->batches;
	t->records += f->records;
	t->bytes += f->bytes;
	t->lost_bytes += f->lost_bytes;
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

static void tell(struct verifier *v, struct findings *findings)
{
	for (size_t i = 0; i < findings->count && !v->stopped; i++)
		v->stopped = !v->report(v->report_context, &findings->at[i]);
	v->totals->errors += findings->severities[KMETA_ERROR];
	v->totals->warnings += findings->severities[KMETA_WARNING];
	v->totals->notes += findings->severities[KMETA_NOTE];
}

static void tell_place(struct place *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct check_file *f = &p->files[i];

		findings_move(&f->findings, &f->meaning);
		findings_sort(&f->findings);
		tell(p->v, &f->findings);
		add_totals(p->v, f);
	}
	tell(p->v, &p->findings);
}

/* ---- addresses ---- */

static enum kmeta_status check_place(struct place *p)
{
	struct verifier *v = p->v;
	enum kmeta_status status =
		v->options->jobs > 1 ? check_side_by_side(p, v->options->jobs) : check_in_order(p);

	if (status == KMETA_OK)
		status = check_segments_together(p);
	if (status != KMETA_OK)
		return status;
	if (p->segments)
		forgive_growth(&p->files[p->segments - 1]);
	if (p->is_directory && v->checks & KMETA_CHECK_DIRECTORY && !v->options->checksum_only)
		check_directory(p);
	tell_place(p);
	return KMETA_OK;
}

/* Why it could not be read, which is among what was told of the files. */
static void keep_cause(struct place *p, const char *address)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct findings *findings = &p->files[i].findings;

		for (size_t j = 0; j < findings->count; j++)
			if (findings->at[j].system_error)
				*p->v->why = findings->at[j];
	}
	finding_detach(p->v->why, address);
}

static enum kmeta_status verify_address(struct verifier *v, const char *address)
{
	struct place p = { .v = v };
	enum kmeta_status status = list(&p, address);

	if (status == KMETA_OK)
		status = check_place(&p);
	/* What could not be read was the last thing found. */
	if (status != KMETA_OK && p.files) {
		tell_place(&p);
		keep_cause(&p, address);
	}
	if (status != KMETA_OK && !v->why->file)
		v->why->file = address;
	release(&p);
	return status;
}

/* A checkpoint has offsets of its own. */
static bool has_log(const char *address)
{
	struct stat st;

	return (stat(address, &st) == 0 && S_ISDIR(st.st_mode)) || !is_checkpoint(address);
}

static void compare_nodes(struct verifier *v, const char *first, const char *second)
{
	struct findings findings = { .limit = limit_of(v) };
	struct kmeta_logs logs;

	if (!has_log(first) || !has_log(second) ||
	    kmeta_compare_logs(first, second, &logs, v->why) != KMETA_OK)
		return;
	if (logs.differ)
		findings_add(&findings, KMETA_NODES_DIFFER, logs.second_file, logs.second.position,
		             logs.second.base_offset,
		             "differs from %s byte %lld; in common up to offset %lld, epoch %d",
		             logs.first_file, (long long)logs.first.position,
		             (long long)logs.last_common, logs.last_epoch);
	tell(v, &findings);
	findings_release(&findings);
}

enum kmeta_status kmeta_verify(const char *const *addresses, size_t count,
                               const struct kmeta_verify_options *options, kmeta_report *report,
                               void *context, struct kmeta_verify_totals *totals,
                               struct kmeta_finding *why)
{
	struct verifier v = { .options = options,
		              .checks = options->checks ? options->checks : KMETA_CHECK_ALL,
		              .report = report,
		              .report_context = context,
		              .totals = totals,
		              .why = why };
	enum kmeta_status status = KMETA_OK;

	finding_set(why, KMETA_CANNOT_READ, "could not be checked");
	*totals = (struct kmeta_verify_totals){ .first_offset = -1,
		                                .last_offset = -1,
		                                .first_time = -1,
		                                .last_time = -1,
		                                .first_epoch = -1,
		                                .last_epoch = -1 };
	pthread_mutex_init(&v.lock, NULL);
	for (size_t i = 0; i < count && status == KMETA_OK; i++)
		status = verify_address(&v, addresses[i]);
	for (size_t i = 1; i < count && status == KMETA_OK && v.checks & KMETA_CHECK_NODES; i++)
		compare_nodes(&v, addresses[0], addresses[i]);
	pthread_mutex_destroy(&v.lock);
	return status;
}
