/* SPDX-License-Identifier: Apache-2.0 */
/* way.c: the places that the user came from, and the jumps from an entity to what belongs to it. */
#include "way.h"

#include <stdlib.h>
#include <string.h>

#include "../model/table_terms.h"

void wish_release(struct wish *wish)
{
	free(wish->terms);
	free(wish->path);
	*wish = (struct wish){ .table = KMETA_ENTITY_KINDS };
}

/* ---- the way ---- */

static void crumb_release(struct crumb *crumb)
{
	free(crumb->name);
	wish_release(&crumb->wish);
}

static void put_view_name(const struct screen *s, struct kmeta_buffer *out)
{
	const struct view *view = screen_view(s);

	if (view->name)
		view->name(s, out);
	else
		kmeta_buffer_format(out, "%s", view->title);
}

static char *name_of_place(const struct screen *s)
{
	struct kmeta_buffer name = { 0 };
	char *copy;

	put_view_name(s, &name);
	if (s->kind <= VIEW_RECORD && s->model->cursor.there && s->model->cursor.offset >= 0)
		kmeta_buffer_format(&name, " @%lld", (long long)s->model->cursor.offset);
	kmeta_buffer_add(&name, "", 1);
	copy = name.failed ? NULL : strdup(name.at);
	kmeta_buffer_release(&name);
	return copy;
}

void way_push(struct screen *s)
{
	struct way *way = &s->way;
	struct crumb *crumb;

	if (way->count == WAY_LIMIT) {
		crumb_release(&way->at[0]);
		memmove(way->at, way->at + 1, (WAY_LIMIT - 1) * sizeof(way->at[0]));
		way->count--;
	}
	crumb = &way->at[way->count++];
	*crumb = (struct crumb){ .kind = s->kind,
		                 .focus = s->focus,
		                 .zoomed = s->zoomed,
		                 .there = s->model->cursor.there,
		                 .place = s->model->cursor.place,
		                 .name = name_of_place(s),
		                 .wish = { .table = KMETA_ENTITY_KINDS } };
	if (screen_view(s)->keep)
		screen_view(s)->keep(s, &crumb->wish);
}

bool way_pop(struct screen *s, struct crumb *crumb)
{
	if (!s->way.count)
		return false;
	*crumb = s->way.at[--s->way.count];
	return true;
}

void way_clear(struct way *way)
{
	while (way->count)
		crumb_release(&way->at[--way->count]);
}

void way_leave_views(struct screen *s)
{
	struct way *way = &s->way;

	while (way->count && way->at[way->count - 1].kind != VIEW_LOG)
		crumb_release(&way->at[--way->count]);
	while (way->count && s->model->cursor.there && way->at[way->count - 1].kind == VIEW_LOG &&
	       !place_compare(way->at[way->count - 1].place, s->model->cursor.place))
		crumb_release(&way->at[--way->count]);
}

static const char *crumb_name(const struct crumb *crumb)
{
	return crumb->name ? crumb->name : "...";
}

/* Several places in one view are one crumb. */
void way_print(const struct screen *s, struct kmeta_buffer *out)
{
	const struct way *way = &s->way;
	struct kmeta_buffer here = { 0 };
	size_t i = 0;

	put_view_name(s, &here);
	kmeta_buffer_add(&here, "", 1);
	/* From the log everyone knows the way back. */
	while (i < way->count && way->at[i].kind == VIEW_LOG)
		i++;
	for (; i < way->count && !here.failed; i++) {
		const char *next = i + 1 < way->count ? crumb_name(&way->at[i + 1]) : here.at;

		if (strcmp(crumb_name(&way->at[i]), next) != 0)
			kmeta_buffer_format(out, "%s > ", crumb_name(&way->at[i]));
	}
	if (!here.failed)
		kmeta_buffer_format(out, "%s", here.at);
	kmeta_buffer_release(&here);
}

void way_open(struct screen *s, enum view_kind kind)
{
	if (kind != s->kind)
		way_push(s);
	s->wanted = kind;
}

/* ---- jumps ---- */

static bool chosen(struct screen *s, struct choice *choice)
{
	if (screen_view(s)->choose && screen_view(s)->choose(s, choice))
		return true;
	model_say(s->model, "go to a topic, a partition, a broker ... first");
	return false;
}

/* From a table to a table, from the tree to the tree. */
void jump_to_leader(struct screen *s)
{
	struct choice choice;
	struct kmeta_buffer path = { 0 };

	if (!chosen(s, &choice))
		return;
	if (choice.kind != KMETA_PARTITION) {
		model_say(s->model, "b goes from a partition to its leader's broker");
	} else if (choice.leader < 0) {
		model_say(s->model, "%s has no leader", choice.path);
	} else {
		kmeta_buffer_format(&path, "%s/%lld", kmeta_entity_kind_group(KMETA_BROKER),
		                    (long long)choice.leader);
		kmeta_buffer_add(&path, "", 1);
		way_push(s);
		wish_release(&s->wish);
		s->wish.path = path.failed ? NULL : strdup(path.at);
		s->wish.unfolded = true;
		s->wish.table = KMETA_BROKER;
		s->wanted = s->kind == VIEW_TABLE ? VIEW_TABLE : VIEW_STATE;
	}
	kmeta_buffer_release(&path);
	choice_release(&choice);
}

static void show_partitions(struct screen *s, struct kmeta_buffer *terms)
{
	kmeta_buffer_add(terms, "", 1);
	way_push(s);
	wish_release(&s->wish);
	s->wish.table = KMETA_PARTITION;
	s->wish.terms = terms->failed ? NULL : strdup(terms->at);
	s->wanted = VIEW_TABLE;
}

void jump_to_partitions(struct screen *s)
{
	struct choice choice;
	struct kmeta_buffer terms = { 0 };

	if (!chosen(s, &choice))
		return;
	if (choice.topic) {
		kmeta_buffer_format(&terms, "topic=");
		table_terms_quote(&terms, (struct kmeta_bytes){ (const uint8_t *)choice.topic,
		                                                strlen(choice.topic) });
		show_partitions(s, &terms);
	} else if (choice.kind == KMETA_BROKER) {
		kmeta_buffer_format(&terms, "replicas=%lld", (long long)choice.node);
		show_partitions(s, &terms);
	} else {
		model_say(s->model, "p goes from a broker or a topic to its partitions");
	}
	kmeta_buffer_release(&terms);
	choice_release(&choice);
}

void jump_to_history(struct screen *s)
{
	struct choice choice;

	if (!chosen(s, &choice))
		return;
	way_push(s);
	wish_release(&s->wish);
	s->wish.path = choice.path;
	choice.path = NULL;
	s->wanted = VIEW_HISTORY;
	choice_release(&choice);
}

/* ---- the record that changed it last ---- */

static bool change_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

static void change_work(struct job *job, void *context)
{
	struct screen *s = context;
	struct model *m = s->model;

	(void)job;
	/* The state is that behind the record under the cursor, which may be the one. */
	s->sought.found =
		kmeta_timeline_next_change(m->index->timeline, s->sought.path, m->cursor.end_offset,
	                                   true, change_progress, s, &s->sought.step, &m->task.why);
}

static void change_done(void *context)
{
	struct screen *s = context;
	struct model *m = s->model;

	if (s->sought.found == KMETA_FAILED) {
		model_complain(m, "%s: %s", s->sought.path, m->task.why.message);
	} else if (s->sought.found == KMETA_END) {
		model_say(m, "%s: no record that is left changed it up to here", s->sought.path);
	} else {
		way_push(s);
		cursor_go_offset(m, s->sought.step.offset);
		s->wanted = VIEW_RECORD;
		model_say(m, "%s: change %zu of %zu; Backspace goes back", s->sought.path,
		          s->sought.step.number, s->sought.step.count);
	}
}

void jump_to_change(struct screen *s)
{
	struct choice choice;

	if (!chosen(s, &choice))
		return;
	task_stop(s->model);
	free(s->sought.path);
	s->sought.path = choice.path;
	choice.path = NULL;
	choice_release(&choice);
	task_begin(s->model, "looking for its last change", change_work, change_done, s);
}
