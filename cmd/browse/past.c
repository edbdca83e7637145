/* SPDX-License-Identifier: Apache-2.0 */
/* past.c: keeps what was entered at prompts for the next run. */
#include "past.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term/user_files.h"

/* A line is the lead of its prompt and its text. A longer file is cut to what a run keeps. */
enum { PAST_BYTES = 64 << 10, LINE_BYTES = 4 * PROMPT_LIMIT + 8 };

static bool path_of(struct kmeta_buffer *out, const char *name)
{
	return user_file_path(out, "XDG_STATE_HOME", ".local/state", name);
}

/* Makes the directories that are missing, for their owner alone. */
static void make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		/* What is there already is fine; what else fails shows when the file is opened. */
		(void)!mkdir(path, 0700);
		*slash = '/';
	}
}

static bool is_lead(char c)
{
	return c && strchr("/?&:+", c) != NULL;
}

/* The newest lines alone, in a new file that takes the place of the other. */
static void cut_file(const struct prompt *prompt, const char *path)
{
	struct kmeta_buffer part = { 0 };
	FILE *file = NULL;
	bool written;

	if (path_of(&part, "/browse-history.part"))
		file = fopen(part.at, "we");
	for (size_t i = prompt->past_count > PROMPT_PAST ? prompt->past_count - PROMPT_PAST : 0;
	     file && i < prompt->past_count; i++) {
		char lead;
		struct kmeta_buffer text = prompt_past(prompt, i, &lead);

		if (!text.failed)
			fprintf(file, "%c%s\n", lead, text.at);
		kmeta_buffer_release(&text);
	}
	written = file && !ferror(file);
	written &= file && fclose(file) == 0;
	if (written && (chmod(part.at, 0600) < 0 || rename(part.at, path) < 0))
		remove(part.at);
	kmeta_buffer_release(&part);
}

void past_load(struct prompt *prompt)
{
	struct kmeta_buffer path = { 0 };
	struct stat info;
	FILE *file = path_of(&path, "/browse-history") ? user_file_open(path.at, &info) : NULL;
	char line[LINE_BYTES];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (is_lead(line[0]))
			prompt_remember(prompt, line[0], line + 1);
	}
	if (file && fclose(file) == 0 && info.st_size > PAST_BYTES)
		cut_file(prompt, path.at);
	kmeta_buffer_release(&path);
}

bool past_is_none(void)
{
	struct kmeta_buffer path = { 0 };
	int file = -1;

	if (path_of(&path, "/browse-history")) {
		make_directories(path.at);
		file = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	if (file >= 0)
		close(file);
	kmeta_buffer_release(&path);
	return file >= 0;
}

void past_keep(const struct prompt *prompt)
{
	struct kmeta_buffer path = { 0 }, text;
	char lead;
	int file;

	if (!path_of(&path, "/browse-history")) {
		kmeta_buffer_release(&path);
		return;
	}
	text = prompt_past(prompt, prompt->past_count - 1, &lead);
	make_directories(path.at);
	file = is_lead(lead) && !text.failed
	               ? open(path.at, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600)
	               : -1;
	if (file >= 0) {
		dprintf(file, "%c%s\n", lead, text.at);
		close(file);
	}
	kmeta_buffer_release(&text);
	kmeta_buffer_release(&path);
}
