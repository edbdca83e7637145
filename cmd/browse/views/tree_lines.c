/* SPDX-License-Identifier: Apache-2.0 */
/* tree_lines.c: adds lines to the tree of a state, or searches them. */
#include <stdlib.h>
#include <string.h>

#include "tree.h"

static bool is_open(const struct tree *t, struct kmeta_bytes key)
{
	return t->search || key_set_has(&t->view->outline.toggled, key);
}

/* ---- searching: line by line, as they would be built ---- */

static bool is_start(const struct tree_search *search, struct kmeta_bytes key)
{
	if (!search->from || !key.size)
		return !search->from && !key.size && search->number == search->from_number;
	return strlen(search->from) == key.size && !memcmp(search->from, key.data, key.size);
}

static void take_match(struct tree_search *search, struct kmeta_bytes key, bool wrapped)
{
	search->was_found = true;
	search->wrapped = wrapped;
	search->found.size = 0;
	kmeta_buffer_add(&search->found, key.data, key.size);
	search->found_number = search->number;
}

/* Forwards, the first match behind the start counts, or else the first of all. */
static void look_forwards(struct tree_search *search, struct kmeta_bytes key, bool matches)
{
	if (matches && (search->passed || !search->was_found))
		take_match(search, key, !search->passed);
	search->over = matches && search->passed;
	search->passed |= is_start(search, key);
}

/* Backwards, the last match before the start counts, or else the last of all. */
static void look_backwards(struct tree_search *search, struct kmeta_bytes key, bool matches)
{
	if (is_start(search, key)) {
		search->over = search->was_found;
		search->passed = true;
	}
	if (matches && !search->over)
		take_match(search, key, search->passed);
}

void tree_look(struct tree *t)
{
	struct tree_search *search = t->search;
	size_t start, end;

	for (size_t i = 0; i < t->content->count && !search->over; i++) {
		const struct outline_line *line = &t->content->lines[i];
		const struct kmeta_bytes key = content_key_of(t->content, line);
		const bool matches = pattern_find(
			search->pattern, content_text_of(t->content, line), 0, &start, &end);

		if (search->backwards)
			look_backwards(search, key, matches);
		else
			look_forwards(search, key, matches);
		search->number += !key.size;
	}
	content_clear(t->content);
}

bool tree_is_enough(const struct tree *t)
{
	return job_should_stop(t->job) || (t->search && t->search->over);
}

/* ---- lines ---- */

void tree_end_line(struct tree *t)
{
	content_end(t->content);
	if (t->search)
		tree_look(t);
}

/* True if the record under the cursor changed this path, or one below it. */
static bool is_changed(const struct tree *t, struct kmeta_bytes key, bool below)
{
	const struct key_set *changed = &t->view->changed;

	for (size_t i = 0; i < changed->count; i++)
		if (!strncmp(changed->keys[i], (const char *)key.data, key.size) &&
		    (!changed->keys[i][key.size] || (below && changed->keys[i][key.size] == '/')))
			return true;
	return false;
}

bool tree_branch(struct tree *t, int depth, struct kmeta_bytes path, const char *name,
                 size_t name_size, bool foldable)
{
	struct outline_line *line = content_begin(t->content, depth, path);

	if (!line)
		return false;
	line->foldable = foldable;
	line->open = foldable && is_open(t, path);
	if (is_changed(t, path, true))
		line->style = STYLE_BOLD | (unsigned)CYAN;
	kmeta_buffer_add(&t->content->bytes, name, name_size);
	return line->open;
}

void tree_color(struct tree *t, unsigned color)
{
	struct outline_line *lines = t->content->lines;
	const size_t count = t->content->count;

	if (color && count)
		lines[count - 1].style = (lines[count - 1].style & ~(unsigned)STYLE_COLOR) | color;
}
