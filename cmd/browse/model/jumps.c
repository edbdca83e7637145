/* SPDX-License-Identifier: Apache-2.0 */
/* jumps.c: goes from one change of the leader, or damage, to the next. */
#include "model.h"

/* Goes to the next row for which "is_it" is true. Pages that cannot hold one are not read. */
static bool go_to_row(struct model *m, bool down, unsigned flag,
                      bool (*is_it)(const struct line *line))
{
	struct line line;
	struct kmeta_stretch page;
	size_t number;
	enum found found = cursor_step(m, down, &line);

	while (found == ROW_FOUND) {
		const struct kmeta_place place = line.place;

		if (is_it(&line)) {
			cursor_take(m, &line);
			return true;
		}
		/* The index says which pages have none: pass over them. */
		if (kmeta_timeline_find_place(m->index->timeline, place.file, place.position,
		                              &number, &page) &&
		    !(page.flags & flag)) {
			while (kmeta_timeline_stretch(m->index->timeline, number, &page) &&
			       !(page.flags & flag) && (down || number))
				number += down ? 1 : (size_t)-1;
			if (!kmeta_timeline_stretch(m->index->timeline, number, &page))
				return false;
			if (!(page.flags & flag))
				return false;
			found = down ? rows_on_page(m->rows, number, &line)
			             : rows_previous(m->rows,
			                             (struct kmeta_place){ page.file, page.end - 1,
			                                                   INT32_MAX },
			                             &line);
			continue;
		}
		found = down ? rows_next(m->rows, place, &line)
		             : rows_previous(m->rows, place, &line);
	}
	return false;
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

static void go_and_say(struct model *m, bool down, unsigned flag,
                       bool (*is_it)(const struct line *line), const char *what)
{
	if (go_to_row(m, down, flag, is_it))
		m->moved = true;
	else if (m->filter.terms)
		model_say(m, "no %s %s here among what the filter shows: & without terms ends it",
		          what, down ? "behind" : "before");
	else
		model_say(m, "no %s %s here", what, down ? "behind" : "before");
}

void cursor_go_leader(struct model *m, bool down)
{
	go_and_say(m, down, KMETA_STRETCH_LEADER_CHANGE, is_leader, "leader change");
}

void cursor_go_damage(struct model *m, bool down)
{
	go_and_say(m, down, KMETA_STRETCH_DAMAGE, is_damage, "damage");
}
