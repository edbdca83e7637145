/* SPDX-License-Identifier: Apache-2.0 */
/* states.c: the states of a connection, each loaded once as long as its files stay as they are. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sql.h"

/* What states may take that nobody uses at the moment. */
static const size_t kept_bytes = (size_t)512 << 20;

struct sql_state {
	struct sql_state *next;
	char *path;
	struct kmeta_point point;
	bool salvage;
	uint64_t files; /* which files there are, of which sizes and times */
	struct kmeta_image *image;
	size_t bytes, users;
};

/* ---- files ---- */

static uint64_t mix_bytes(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *at = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t mark_of_file(const char *name, const struct stat *st)
{
	const int64_t facts[] = { (int64_t)st->st_size, (int64_t)st->st_mtim.tv_sec,
		                  (int64_t)st->st_mtim.tv_nsec, (int64_t)st->st_ino };

	return mix_bytes(mix_bytes(UINT64_C(14695981039346656037), name, strlen(name)), facts,
	                 sizeof(facts));
}

/* A sum, since a directory has no order. */
static uint64_t mark_of_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	uint64_t sum = 0;
	struct stat st;

	while (directory && (entry = readdir(directory)))
		if (fstatat(dirfd(directory), entry->d_name, &st, 0) == 0 && !S_ISDIR(st.st_mode))
			sum += mark_of_file(entry->d_name, &st);
	if (directory)
		closedir(directory);
	return sum;
}

static uint64_t mark_of_address(const char *path)
{
	static const char *const below[] = { "__cluster_metadata-0", "@metadata-0" };
	struct kmeta_buffer inside = { 0 };
	uint64_t sum;
	struct stat st;

	if (stat(path, &st) != 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return mark_of_file("", &st);
	sum = mark_of_directory(path);
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		inside.size = 0;
		kmeta_buffer_format(&inside, "%s/%s", path, below[i]);
		kmeta_buffer_add(&inside, "", 1);
		if (!inside.failed)
			sum += mark_of_directory(inside.at);
	}
	kmeta_buffer_release(&inside);
	return sum;
}

/* ---- addresses ---- */

/* A point behind the end of the log is its end. */
static void settle_point(const char *path, struct kmeta_point *point)
{
	const bool is_offset = point->kind == KMETA_POINT_OFFSET;
	struct kmeta_finding ignored; /* whoever opens the log says why it cannot */
	int64_t end_offset, time;

	if ((is_offset || point->kind == KMETA_POINT_TIME) &&
	    kmeta_log_end(path, &end_offset, &time, &ignored) == KMETA_OK &&
	    point->value > (is_offset ? end_offset : time))
		*point = (struct kmeta_point){ .kind = KMETA_POINT_END };
}

int sql_address(struct sql_cursor *cursor, const char *address, char **path,
                struct kmeta_point *point)
{
	struct kmeta_finding why;

	if (!address)
		return sql_fail_text(
			cursor->base.pVtab,
			"the address of a log is missing, as in kmeta_records('ADDRESS')");
	if (kmeta_address_parse(address, cursor->sql->now, path, point, &why) != KMETA_OK)
		return sql_fail(cursor->base.pVtab, &why, NULL);
	settle_point(*path, point);
	return SQLITE_OK;
}

bool sql_may_read(struct sql *sql, const char *path)
{
	const bool is_stdin = !strcmp(path, "-");
	const bool may = !is_stdin || !sql->has_read_stdin;

	sql->has_read_stdin |= is_stdin;
	return may;
}

/* ---- states ---- */

static void free_state(struct sql_state *state)
{
	kmeta_image_free(state->image);
	free(state->path);
	free(state);
}

void sql_states_free(struct sql *sql)
{
	while (sql->states) {
		struct sql_state *next = sql->states->next;

		free_state(sql->states);
		sql->states = next;
	}
}

/* Drops what nobody uses and what does not fit any more, beginning with what was used long ago. */
static void forget_states(struct sql *sql)
{
	size_t bytes = 0;

	for (struct sql_state **at = &sql->states; *at;) {
		struct sql_state *state = *at;

		bytes += state->users ? 0 : state->bytes;
		if (state->users || (bytes <= kept_bytes || at == &sql->states)) {
			at = &state->next;
			continue;
		}
		*at = state->next;
		free_state(state);
	}
}

static bool is_state_of(const struct sql_state *state, const char *path,
                        const struct kmeta_point *point, bool salvage, uint64_t files)
{
	return !strcmp(state->path, path) && state->point.kind == point->kind &&
	       state->point.value == point->value && state->salvage == salvage &&
	       state->files == files;
}

/* Finds a state and puts it first. */
static struct sql_state *find_kept_state(struct sql *sql, const char *path,
                                         const struct kmeta_point *point, bool salvage,
                                         uint64_t files)
{
	for (struct sql_state **at = &sql->states; *at; at = &(*at)->next) {
		struct sql_state *state = *at;

		if (!is_state_of(state, path, point, salvage, files))
			continue;
		*at = state->next;
		state->next = sql->states;
		sql->states = state;
		return state;
	}
	return NULL;
}

static bool meet_while_loading(void *context, const struct kmeta_finding *finding)
{
	return !sql_stops(context, finding);
}

static bool step_while_loading(void *context, int64_t done, int64_t total)
{
	return sql_goes_on(context, done, total);
}

/* Takes over the path. */
static int load_kept_state(struct sql_cursor *cursor, char *path, struct kmeta_point point,
                           uint64_t files, struct sql_state **loaded)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .nearest = cursor->salvage,
		                                    .dialect = cursor->sql->options.dialect,
		                                    .report = meet_while_loading,
		                                    .progress = step_while_loading,
		                                    .context = cursor };
	struct sql_state *state = calloc(1, sizeof(*state));
	struct kmeta_finding why;
	int code = SQLITE_OK;

	if (!state)
		code = SQLITE_NOMEM;
	else if (!sql_may_read(cursor->sql, path))
		code = sql_fail_text(cursor->base.pVtab,
		                     "standard input can be read only once: save it to a file");
	else if (kmeta_image_load(&state->image, path, point, &options, &why) != KMETA_OK)
		code = sql_fail(cursor->base.pVtab, &why, path);
	if (code != SQLITE_OK) {
		free(state);
		free(path);
		return code;
	}
	state->path = path;
	state->point = point;
	state->salvage = cursor->salvage;
	state->files = files;
	state->bytes = kmeta_image_memory(state->image);
	state->next = cursor->sql->states;
	cursor->sql->states = state;
	*loaded = state;
	return SQLITE_OK;
}

int sql_state_take(struct sql_cursor *cursor, const char *address, struct sql_state **state)
{
	struct kmeta_point point;
	uint64_t files;
	char *path = NULL;
	int code = sql_address(cursor, address, &path, &point);

	if (code != SQLITE_OK)
		return code;
	files = mark_of_address(path);
	*state = find_kept_state(cursor->sql, path, &point, cursor->salvage, files);
	if (*state)
		free(path);
	else
		code = load_kept_state(cursor, path, point, files, state);
	if (code == SQLITE_OK)
		(*state)->users++;
	forget_states(cursor->sql);
	return code;
}

const struct kmeta_image *sql_state_image(const struct sql_state *state)
{
	return state->image;
}

void sql_state_give_back(struct sql *sql, struct sql_state *state)
{
	if (!state)
		return;
	state->users--;
	forget_states(sql);
}
