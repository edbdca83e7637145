/* SPDX-License-Identifier: Apache-2.0 */
/* state_steps.c: goes from one change of an entity to the next, by the timeline. */
#include <stdlib.h>
#include <string.h>

#include "state.h"
#include "way.h"

/* ---- the task ---- */

static bool steps_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

static void steps_work(struct job *job, void *context)
{
	struct screen *s = context;
	struct model *m = s->model;
	struct steps *steps = &state_of(s)->steps;

	(void)job;
	steps->found = kmeta_timeline_next_change(m->index->timeline, steps->target,
	                                          m->cursor.offset, steps->backwards,
	                                          steps_progress, s, &steps->step, &m->task.why);
	m->task.failed = steps->found == KMETA_FAILED;
}

static void steps_done(void *context)
{
	struct screen *s = context;
	struct model *m = s->model;
	struct steps *steps = &state_of(s)->steps;

	if (m->task.failed) {
		model_complain(m, "%s: %s", steps->target, m->task.why.message);
		free(steps->target);
		*steps = (struct steps){ 0 };
	} else if (steps->found == KMETA_END) {
		model_say(m, "%s: no change %s offset %lld", steps->target,
		          steps->backwards ? "before" : "behind", (long long)m->cursor.offset);
	} else {
		cursor_go_offset(m, steps->step.offset);
		model_say(m, "%s: change %zu of %zu", steps->target, steps->step.number,
		          steps->step.count);
	}
}

/* ---- stepping ---- */

/* The path under the cursor of another view of entities. */
static char *chosen_path(struct screen *s)
{
	struct choice choice;
	char *path;

	if (!s->views[s->kind]->choose(s, &choice))
		return NULL;
	path = choice.path;
	choice.path = NULL;
	choice_release(&choice);
	return path;
}

/* Returns the path under the cursor of the state, or the first path that the record changed. */
static char *selected_path(struct screen *s)
{
	const struct outline *o = &state_of(s)->outline;
	const struct outline_line *line = outline_at(o);
	struct kmeta_bytes key = { 0 };
	const char *path;
	char *target, *of_problem;

	if (s->kind != VIEW_STATE)
		return chosen_path(s);
	if (line)
		key = content_key_of(&o->content, line);
	if (!key.size)
		return state_of(s)->changed.count ? strdup(state_of(s)->changed.keys[0]) : NULL;
	target = strndup((const char *)key.data, key.size);
	if (!target)
		return NULL;
	/* The key of a field is the path of its entity, a newline, and its name. */
	target[strcspn(target, "\n")] = '\0';
	path = state_problem_path(target);
	if (!path)
		return target;
	of_problem = strdup(path);
	free(target);
	return of_problem;
}

void state_steps_stay(struct state_state *state)
{
	const struct steps *h = &state->steps;
	struct outline *o = &state->outline;
	const struct outline_line *line = outline_at(o);
	struct kmeta_bytes key = { 0 };
	size_t size;

	if (!h->target || h->left)
		return;
	if (line)
		key = content_key_of(&o->content, line);
	size = strlen(h->target);
	/* The cursor may be on one of its fields too. */
	if (key.size < size || memcmp(key.data, h->target, size) != 0 ||
	    (key.size > size && key.data[size] != '\n'))
		outline_go(o, (struct kmeta_bytes){ (const uint8_t *)h->target, size });
}

void state_step(struct screen *s, bool backwards)
{
	struct steps *steps = &state_of(s)->steps;
	char *target;

	task_stop(s->model);
	/* Keep stepping through the same entity in states that do not have it. */
	target = steps->target && !steps->left ? strdup(steps->target) : selected_path(s);
	if (!target) {
		model_say(s->model, "go to a topic, a partition, a broker ... first");
		return;
	}
	free(steps->target);
	*steps = (struct steps){ .target = target, .backwards = backwards };
	task_begin(s->model, "looking for its changes", steps_work, steps_done, s);
}
