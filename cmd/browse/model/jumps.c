/* SPDX-License-Identifier: Apache-2.0 */
/* jumps.c: goes from one change of the leader, or damage, to the next. */
#include "model.h"

typedef bool row_test(const struct line *line);

/*
 * Sets "number" to the next page of the index, from this one on, that may hold a row of a kind.
 * UNKNOWN: the index has not come to one yet.
 */
static enum found find_page(struct model *m, bool down, unsigned flag, size_t *number)
{
	const bool coming = index_is_coming(m->index);
	struct kmeta_stretch page;

	while (kmeta_timeline_stretch(m->index->timeline, *number, &page)) {
		if (page.flags & flag)
			return ROW_FOUND;
		if (!down && !*number)
			return ROW_NONE;
		*number += down ? 1 : (size_t)-1;
	}
	return coming ? ROW_UNKNOWN : ROW_NONE;
}

/* Returns the row to look at after this one. Pages that cannot hold one of the kind are not read. */
static enum found row_behind(struct model *m, bool down, unsigned flag, struct line *line)
{
	const struct kmeta_place place = line->place;
	struct kmeta_stretch page;
	size_t number;
	enum found found;

	if (!kmeta_timeline_find_place(m->index->timeline, place.file, place.position, &number,
	                               &page) ||
	    page.flags & flag)
		return down ? rows_next(m->rows, place, line) : rows_previous(m->rows, place, line);
	found = find_page(m, down, flag, &number);
	if (found != ROW_FOUND || !kmeta_timeline_stretch(m->index->timeline, number, &page))
		return found;
	return down ? rows_on_page(m->rows, number, line)
	            : rows_previous(m->rows,
	                            (struct kmeta_place){ page.file, page.end - 1, INT32_MAX },
	                            line);
}

/* Goes to the next row for which "is_it" is true. */
static enum found go_to_row(struct model *m, bool down, unsigned flag, row_test *is_it)
{
	bool coming = index_is_coming(m->index);
	struct line line;
	enum found found = cursor_step(m, down, &line);

	while (found == ROW_FOUND) {
		if (!line.certain && coming)
			return ROW_UNKNOWN;
		if (is_it(&line)) {
			cursor_take(m, &line);
			return ROW_FOUND;
		}
		coming = index_is_coming(m->index);
		found = row_behind(m, down, flag, &line);
	}
	return found;
}

static bool is_leader(const struct line *line)
{
	return kmeta_row_is_leader_change(line->row);
}

/* Damage is bytes that are no record, or a record that cannot be decoded. */
static bool is_damage(const struct line *line)
{
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	bool found = line->damage != NULL;

	if (!found && line->batch && line->batch->valid && !line->no_ops)
		found = !rows_decode(line, &fields, &why);
	kmeta_fields_release(&fields);
	return found;
}

static enum found go_and_say(struct model *m, bool down, unsigned flag, row_test *is_it,
                             const char *what)
{
	const enum found found = go_to_row(m, down, flag, is_it);

	if (found == ROW_NONE && m->filter.terms)
		model_say(m, "no %s %s here among what the filter shows: & without terms ends it",
		          what, down ? "behind" : "before");
	else if (found == ROW_NONE)
		model_say(m, "no %s %s here", what, down ? "behind" : "before");
	return found;
}

static enum found reach_leader(struct model *m, const struct aim *aim)
{
	return go_and_say(m, aim->down, KMETA_STRETCH_LEADER_CHANGE, is_leader, "leader change");
}

static enum found reach_damage(struct model *m, const struct aim *aim)
{
	return go_and_say(m, aim->down, KMETA_STRETCH_DAMAGE, is_damage, "damage");
}

void cursor_go_leader(struct model *m, bool down)
{
	cursor_jump(m, (struct aim){ .reach = reach_leader,
	                             .what = "looking for a leader change",
	                             .down = down });
}

void cursor_go_damage(struct model *m, bool down)
{
	cursor_jump(m, (struct aim){
			       .reach = reach_damage, .what = "looking for damage", .down = down });
}
