/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_directory.c: checks the files of one address, one after another or side by side, and how
 * they go together.
 */
#include "check/check_directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "check/check_replay.h"
#include "record/batch.h"

enum { JOBS_LIMIT = 64 };

/* ---- what it holds ---- */

static struct check_file file_of(const struct place_wishes *wishes, const char *path,
                                 bool is_checkpoint)
{
	return (struct check_file){ .path = path,
		                    .is_checkpoint = is_checkpoint,
		                    .checks = wishes->checksum_only ? KMETA_CHECK_BYTES
		                                                    : wishes->checks,
		                    .checksum_only = wishes->checksum_only,
		                    .alone = wishes->jobs < 2,
		                    .dialect = wishes->dialect,
		                    .progress = wishes->progress,
		                    .progress_context = wishes->context,
		                    .findings = { .limit = wishes->findings_limit },
		                    .meaning = { .limit = wishes->findings_limit } };
}

static enum kmeta_status list_directory(struct place *p, const char *path,
                                        struct kmeta_finding *why)
{
	const struct logdir *dir = &p->dir;
	enum kmeta_status status = logdir_open(&p->dir, path, false, why);

	if (status != KMETA_OK)
		return KMETA_FAILED;
	p->is_directory = true;
	p->files = calloc(dir->segments.count + dir->checkpoints.count, sizeof(*p->files));
	if (!p->files)
		return finding_memory(why);
	p->segments = dir->segments.count;
	p->count = dir->segments.count + dir->checkpoints.count;
	for (size_t i = 0; i < p->count; i++)
		p->files[i] = i < p->segments
		                      ? file_of(p->wishes, dir->segments.at[i].path, false)
		                      : file_of(p->wishes,
		                                dir->checkpoints.at[i - p->segments].path, true);
	return KMETA_OK;
}

static bool ends_in(const char *path, const char *suffix)
{
	const size_t size = strlen(path), end = strlen(suffix);

	return size > end && !strcmp(path + size - end, suffix);
}

static enum kmeta_status list_file(struct place *p, const char *path, struct kmeta_finding *why)
{
	p->files = calloc(1, sizeof(*p->files));
	if (!p->files)
		return finding_memory(why);
	p->files[0] = file_of(p->wishes, path, ends_in(path, ".checkpoint"));
	p->files[0].is_nameless = !p->files[0].is_checkpoint && !ends_in(path, ".log");
	p->count = 1;
	p->segments = !p->files[0].is_checkpoint;
	return KMETA_OK;
}

enum kmeta_status place_open(struct place *p, const struct place_wishes *wishes, const char *path,
                             struct kmeta_finding *why)
{
	struct stat st;
	enum kmeta_status status;

	*p = (struct place){ .wishes = wishes,
		             .findings = { .limit = wishes->findings_limit },
		             .comparisons = { .limit = wishes->findings_limit } };
	pthread_mutex_init(&p->lock, NULL);
	status = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode)
	                 ? list_directory(p, path, why)
	                 : list_file(p, path, why);
	/* Kafka writes to no other. */
	if (status == KMETA_OK && p->segments)
		p->files[p->segments - 1].may_grow =
			ends_in(p->files[p->segments - 1].path, ".log");
	return status;
}

int64_t place_size(const struct place *p)
{
	int64_t size = 0;
	struct stat st;

	for (size_t i = 0; i < p->count; i++)
		if (stat(p->files[i].path, &st) == 0 && S_ISREG(st.st_mode))
			size += st.st_size;
	return size;
}

bool place_is_stale(const struct place *p)
{
	for (size_t i = 0; p->is_directory && i < p->count; i++)
		if (p->files[i].why.system_error == ENOENT)
			return true;
	return false;
}

void place_release(struct place *p)
{
	for (size_t i = 0; i < p->count; i++)
		check_file_release(&p->files[i]);
	free(p->files);
	free(p->epochs.at);
	findings_release(&p->findings);
	findings_release(&p->comparisons);
	dirfiles_release(&p->dirfiles);
	logdir_release(&p->dir);
	pthread_mutex_destroy(&p->lock);
}

/* ---- replay ---- */

static bool replays(const struct place *p)
{
	return p->wishes->checks & (KMETA_CHECK_MEANING | KMETA_CHECK_REPLAY_MATCH) &&
	       !p->wishes->checksum_only;
}

/*
 * A checkpoint that tells the state where the segments begin, or soon after; NULL: they begin with
 * nothing.
 */
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
	const char *path = p->files[0].path;
	int64_t start = 0;

	*m = (struct meaning){ .findings = &p->files[0].meaning,
		               .comparisons = &p->comparisons,
		               .violations = p->wishes->checks & KMETA_CHECK_MEANING,
		               .dialect = p->wishes->dialect };
	if (p->wishes->checks & KMETA_CHECK_REPLAY_MATCH)
		m->checkpoints = &p->dir.checkpoints;
	if (logdir_segment_name(path, &start) && start > 0 && !p->dir.checkpoints.count) {
		meaning_give_up(m, path, start);
		return KMETA_OK;
	}
	return meaning_begin(m, base_of(&p->dir, start));
}

/*
 * The segments of a place in order, as one state, with all else that is checked of them in the same
 * pass.
 */
static enum kmeta_status replay_segments(struct place *p)
{
	struct meaning meaning;
	struct check_observer observer;
	enum kmeta_status status = begin_meaning(p, &meaning);

	observer = meaning_observer(&meaning);
	for (size_t i = 0; i < p->segments; i++) {
		struct check_file *f = &p->files[i];

		meaning.findings = &f->meaning;
		f->observer = &observer;
		if (check_file(f) != KMETA_OK) {
			status = KMETA_FAILED;
			observer.lost(&meaning, &f->why);
		}
		f->observer = NULL;
	}
	if (!p->files[0].is_checkpoint)
		meaning_end(&meaning, p->files[p->segments - 1].path);
	meaning_release(&meaning);
	return status;
}

/* ---- files ---- */

static enum kmeta_status check_checkpoint(struct place *p, struct check_file *f)
{
	struct meaning meaning = { .findings = &f->meaning,
		                   .violations = p->wishes->checks & KMETA_CHECK_MEANING };
	const struct check_observer observer = meaning_observer(&meaning);
	enum kmeta_status status = KMETA_OK;

	if (replays(p)) {
		status = meaning_begin(&meaning, NULL);
		f->observer = &observer;
	}
	if (check_file(f) != KMETA_OK)
		status = KMETA_FAILED;
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
	return replays(p) && p->segments ? p->count - p->segments + 1 : p->count;
}

static enum kmeta_status do_task(struct place *p, size_t task)
{
	if (!replays(p) || !p->segments)
		return check_one(p, task);
	return task ? check_one(p, p->segments + task - 1) : replay_segments(p);
}

/* ---- side by side ---- */

/* False: nothing is left to do. */
static bool next_task(struct place *p, size_t *task)
{
	bool left;

	pthread_mutex_lock(&p->lock);
	left = p->next_task < count_tasks(p);
	*task = left ? p->next_task++ : 0;
	pthread_mutex_unlock(&p->lock);
	return left;
}

/* NULL, or the place where something failed. */
static void *work(void *argument)
{
	struct place *p = argument;
	void *failed = NULL;
	size_t task;

	while (next_task(p, &task))
		if (do_task(p, task) != KMETA_OK)
			failed = p;
	return failed;
}

static enum kmeta_status check_files(struct place *p)
{
	pthread_t threads[JOBS_LIMIT];
	unsigned started = 0;
	void *failed, *also;

	while (started + 1 < p->wishes->jobs && started < JOBS_LIMIT &&
	       started + 1 < count_tasks(p) &&
	       pthread_create(&threads[started], NULL, work, p) == 0)
		started++;
	failed = work(p);
	while (started > 0) {
		pthread_join(threads[--started], &also);
		failed = failed ? failed : also;
	}
	return failed ? KMETA_FAILED : KMETA_OK;
}

/* ---- segments among each other ---- */

static int64_t begin_of(const struct check_file *f)
{
	int64_t named;

	if (f->first_offset >= 0 && !f->lost_start)
		return f->first_offset;
	return logdir_segment_name(f->path, &named) ? named : -1;
}

/* "lost": something was, in between. */
static void check_succession(struct place *p, const struct check_file *before,
                             const struct check_file *f, bool lost)
{
	const int64_t expected = batch_behind(before->last_offset), begin = begin_of(f);

	/* Behind damage a gap is what was lost. */
	if (begin < 0 || before->last_offset < 0 || begin == expected || (lost && begin > expected))
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
	    p->wishes->checks & KMETA_CHECK_ORDER)
		findings_add(&p->findings, KMETA_EPOCH_BACK, f->path, 0, f->first_offset,
		             "leader epoch %d follows %d of the segment before",
		             f->epochs.at[0].epoch, all->at[all->count - 1].epoch);
}

static enum kmeta_status check_segments_together(struct place *p)
{
	const struct check_file *before = NULL;
	bool lost = false;

	for (size_t i = 0; i < p->segments; i++) {
		struct check_file *f = &p->files[i];

		if (before && p->wishes->checks & KMETA_CHECK_ORDER)
			check_succession(p, before, f, lost);
		if (i)
			loss_bound(&p->files[i - 1].lost, begin_of(f));
		check_epochs(p, f);
		if (!join_epochs(p, f))
			return KMETA_FAILED;
		lost = f->damaged || (lost && f->last_offset < 0);
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

/* A segment was begun since the directory was listed, which went on while it was. */
static bool has_rolled(const struct place *p)
{
	const struct logdir_files *seen = &p->dir.segments;
	struct kmeta_finding ignored;
	struct logdir now;
	bool rolled;

	if (logdir_open(&now, p->dir.path, true, &ignored) != KMETA_OK)
		return false;
	rolled = now.segments.count &&
	         now.segments.at[now.segments.count - 1].offset > seen->at[seen->count - 1].offset;
	logdir_release(&now);
	return rolled;
}

static void check_checkpoint_names(struct place *p)
{
	const int64_t end = end_offset(p);

	for (size_t i = 0; i < p->dir.checkpoints.count && p->segments && !p->damaged; i++) {
		const struct logdir_file *checkpoint = &p->dir.checkpoints.at[i];

		if (checkpoint->offset > end && !has_rolled(p))
			findings_add(
				&p->findings, KMETA_PAST_LOG, checkpoint->path, 0,
				checkpoint->offset,
				"the checkpoint is named for end offset %lld, but the log ends at %lld",
				(long long)checkpoint->offset, (long long)end);
	}
}

static void check_directory(struct place *p)
{
	p->dirfiles = (struct dirfiles){ .directory = p->dir.path,
		                         .epochs = &p->epochs,
		                         .first_offset = p->segments ? begin_of(&p->files[0]) : -1,
		                         .checkpoints = &p->dir.checkpoints,
		                         .damaged = p->damaged || !p->segments,
		                         .findings = &p->findings };
	dirfiles_check(&p->dirfiles);
	check_checkpoint_names(p);
}

/* Findings of a checkpoint are told with it, those of its comparison with the log too. */
static void sort_findings(struct place *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct check_file *f = &p->files[i];

		findings_move(&f->findings, &f->meaning);
		for (size_t j = 0; j < p->comparisons.count; j++)
			if (p->comparisons.at[j].file == f->path)
				findings_keep(&f->findings, &p->comparisons.at[j]);
		findings_sort(&f->findings);
	}
}

enum kmeta_status place_check(struct place *p)
{
	enum kmeta_status status = check_files(p);

	/* What is alone was a segment until it was read. */
	if (p->count == 1 && p->files[0].is_checkpoint)
		p->segments = 0;
	if (check_segments_together(p) != KMETA_OK)
		return KMETA_FAILED;
	if (p->is_directory && p->wishes->checks & KMETA_CHECK_DIRECTORY &&
	    !p->wishes->checksum_only)
		check_directory(p);
	sort_findings(p);
	return status;
}
