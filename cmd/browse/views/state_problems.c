/* SPDX-License-Identifier: Apache-2.0 */
/* state_problems.c: what is wrong with a state, as a branch of its tree. */
#include <string.h>

#include "tree.h"

#define GROUP "problems"

/* A state with more partitions is looked through only when the user asks for it. */
enum { MANY_PARTITIONS = 100000 };

/* By severity. */
static const struct {
	unsigned color;
	const char *one, *many;
} severities[] = {
	[KMETA_NOTE] = { 0, "note", "notes" },
	[KMETA_WARNING] = { (unsigned)YELLOW, "warning", "warnings" },
	[KMETA_ERROR] = { (unsigned)RED, "error", "errors" },
};

/* The problems of a tree, one after another. */
struct walk {
	struct tree *t;
	const struct kmeta_problem_counts *counts;
	struct kmeta_buffer key; /* of a line */
	int code;                /* whose line was put last; -1: none */
	bool open;               /* that line */
};

static struct kmeta_bytes group_key(void)
{
	return (struct kmeta_bytes){ (const uint8_t *)GROUP, sizeof(GROUP) - 1 };
}

const char *state_problem_path(const char *key)
{
	static const char group[] = GROUP "/";
	const char *path = strncmp(key, group, sizeof(group) - 1)
	                           ? NULL
	                           : strchr(key + sizeof(group) - 1, '/');

	return path ? path + 1 : NULL;
}

/* What users search for by name is the entity: a branch that they did not open is not searched. */
static bool is_unfolded(const struct tree *t, struct kmeta_bytes key)
{
	return key_set_has(&t->view->outline.toggled, key);
}

static void put_code(struct walk *w, enum kmeta_problem_code code)
{
	struct tree *t = w->t;
	const char *name = kmeta_problem_name(code);

	w->code = (int)code;
	w->key.size = 0;
	kmeta_buffer_format(&w->key, GROUP "/%s", name);
	w->open = is_unfolded(t, kmeta_buffer_bytes(&w->key));
	tree_branch(t, 1, kmeta_buffer_bytes(&w->key), name, strlen(name), true);
	tree_color(t, severities[kmeta_problem_severity(code)].color);
	kmeta_buffer_format(&t->content->bytes, " (%zu)  %s", w->counts->of[code],
	                    kmeta_problem_meaning(code));
	tree_end_line(t);
}

static bool put_problem_line(void *context, const struct kmeta_problem *problem)
{
	struct walk *w = context;
	const char *path = problem->path[0] ? problem->path : "cluster";

	if (w->code != (int)problem->code)
		put_code(w, problem->code);
	if (w->open) {
		w->key.size = 0;
		kmeta_buffer_format(&w->key, GROUP "/%s/%s", kmeta_problem_name(problem->code),
		                    problem->path);
		tree_branch(w->t, 2, kmeta_buffer_bytes(&w->key), path, strlen(path), false);
		kmeta_buffer_format(&w->t->content->bytes, "  %s", problem->message);
		tree_end_line(w->t);
	}
	return !tree_is_enough(w->t);
}

static bool any_open(const struct tree *t)
{
	struct kmeta_buffer key = { 0 };
	bool open = false;

	for (int code = 0; code < KMETA_PROBLEM_CODES && !open; code++) {
		key.size = 0;
		kmeta_buffer_format(&key, GROUP "/%s",
		                    kmeta_problem_name((enum kmeta_problem_code)code));
		open = is_unfolded(t, kmeta_buffer_bytes(&key));
	}
	kmeta_buffer_release(&key);
	return open;
}

static void put_failure(struct tree *t, const struct kmeta_finding *why)
{
	content_line(t->content, 0, "", "its problems are unknown: %s", why->message);
	tree_end_line(t);
}

/* Each code with its number, and those of the codes that are open. */
static void put_problems(struct tree *t, const struct kmeta_problem_counts *counts)
{
	struct walk walk = { .t = t, .counts = counts, .code = -1 };
	const struct kmeta_problem_options options = { .size = sizeof(options),
		                                       .most = any_open(t) ? 0 : 1,
		                                       .seen = put_problem_line,
		                                       .context = &walk };
	struct kmeta_problem_counts again;
	struct kmeta_finding why;

	if (kmeta_problems(t->image, &options, &again, &why) != KMETA_OK)
		put_failure(t, &why);
	kmeta_buffer_release(&walk.key);
}

static size_t count_of(const struct kmeta_problem_counts *counts, enum kmeta_severity severity)
{
	size_t count = 0;

	for (int code = 0; code < KMETA_PROBLEM_CODES; code++)
		if (kmeta_problem_severity((enum kmeta_problem_code)code) == severity)
			count += counts->of[code];
	return count;
}

/* "problems: 2 errors, 1 note" */
static void put_sum(struct tree *t, const struct kmeta_problem_counts *counts)
{
	const char *between = ": ";
	unsigned color = 0;

	tree_branch(t, 0, group_key(), GROUP, sizeof(GROUP) - 1, true);
	for (int i = KMETA_ERROR; i >= KMETA_NOTE; i--) {
		const size_t count = count_of(counts, (enum kmeta_severity)i);

		if (!count)
			continue;
		kmeta_buffer_format(&t->content->bytes, "%s%zu %s", between, count,
		                    count == 1 ? severities[i].one : severities[i].many);
		between = ", ";
		color = color ? color : severities[i].color;
	}
	tree_color(t, color);
	tree_end_line(t);
}

void tree_problems(struct tree *t)
{
	const struct kmeta_problem_options options = { .size = sizeof(options) };
	struct kmeta_problem_counts counts;
	struct kmeta_finding why;
	size_t all = 0;

	if (kmeta_image_count(t->image, KMETA_PARTITION) > MANY_PARTITIONS &&
	    !is_unfolded(t, group_key())) {
		tree_branch(t, 0, group_key(), GROUP, sizeof(GROUP) - 1, true);
		kmeta_buffer_format(&t->content->bytes, ": Enter looks for them");
		tree_end_line(t);
		return;
	}
	if (kmeta_problems(t->image, &options, &counts, &why) != KMETA_OK) {
		put_failure(t, &why);
		return;
	}
	for (int code = 0; code < KMETA_PROBLEM_CODES; code++)
		all += counts.of[code];
	if (all)
		put_sum(t, &counts);
	if (all && is_unfolded(t, group_key()) && !tree_is_enough(t))
		put_problems(t, &counts);
}
