/* SPDX-License-Identifier: Apache-2.0 */
/* marks.c: places in the log that the user marked by a letter. */
#include "marks.h"

#include "model.h"

static struct mark *mark_of(struct model *m, int letter)
{
	const int number = letter - 'a';

	return number >= 0 && number < MARKS ? &m->marks.at[number] : NULL;
}

void marks_set(struct model *m, int letter)
{
	struct mark *mark = mark_of(m, letter);

	if (!mark || !m->cursor.there) {
		model_say(m, "a mark is a letter from a to z");
		return;
	}
	*mark = (struct mark){ true, m->cursor.place, m->cursor.end_offset };
	m->marks.last = letter - 'a';
	model_say(m, "mark %c is set: '%c comes back, d shows what changed since", letter, letter);
}

void marks_go(struct model *m, int letter)
{
	const struct mark *mark = mark_of(m, letter);

	if (!mark || !mark->set)
		model_say(m, "there is no such mark");
	else
		cursor_go(m, mark->place);
}
