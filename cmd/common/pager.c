/* SPDX-License-Identifier: Apache-2.0 */
/* pager.c: a program like less, through which long output goes on a terminal. */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_LIMIT = 32 };

/* What a shell has to read, as it is not just words between blanks. */
static const char shell_characters[] = "|&;<>()$`\\\"'*?[#~=%\n";

/* ---- which ---- */

static bool is_dumb_terminal(void)
{
	const char *terminal = getenv("TERM");

	return !terminal || !*terminal || !strcmp(terminal, "dumb");
}

/* A pager moves about the screen, which a dumb terminal cannot do: only one of our own name is
 * certain to be wanted there. */
static const char *chosen_command(bool *is_named)
{
	const char *ours = getenv("KMETA_PAGER"), *common = getenv("PAGER");

	*is_named = true;
	if (ours)
		return ours;
	if (is_dumb_terminal())
		return "";
	if (common)
		return common;
	*is_named = false;
	return "less";
}

void pager_choose(struct pager *p, bool cuts)
{
	const char *command = chosen_command(&p->is_named);

	if (!*command || !strcmp(command, "cat"))
		return;
	p->command = command;
	setenv("LESS", cuts ? "FRSX" : "FRX", 0);
	setenv("LV", "-c", 0);
}

/* ---- signals ---- */

static void turn_away(int file, int nowhere)
{
	if (dup2(nowhere, file) < 0)
		close(file);
}

/*
 * Whoever is interrupted leaves the terminal to the pager first: its user quits it, and then the
 * command ends by the signal. What another thread still writes goes nowhere.
 */
static void leave_to_pager(int number)
{
	const int error = errno, nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	turn_away(STDOUT_FILENO, nowhere);
	turn_away(STDERR_FILENO, nowhere);
	while (waitpid(-1, NULL, 0) < 0 && errno == EINTR)
		;
	errno = error;
	raise(number);
}

static void end_behind_pager(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = leave_to_pager }, before;

	action.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(numbers[i], &action, NULL);
}

/* ---- starting ---- */

/* Divides a text at its blanks, in place. False: there are too many words, or none. */
static bool split_words(char *text, char *words[WORDS_LIMIT])
{
	char *rest = NULL;
	size_t count = 0;

	for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		if (count + 1 == WORDS_LIMIT)
			return false;
		words[count++] = word;
	}
	words[count] = NULL;
	return count > 0;
}

/* Without a shell where none is needed, so that it is known whether the program is there. */
static int spawn_command(struct pager *p, const posix_spawn_file_actions_t *files,
                         const posix_spawnattr_t *attributes)
{
	char *copy = strdup(p->command);
	char *shell[] = { "sh", "-c", copy, NULL }, *words[WORDS_LIMIT];
	int error = EINVAL;

	if (!copy)
		error = ENOMEM;
	else if (strpbrk(copy, shell_characters))
		error = posix_spawn(&p->process, "/bin/sh", files, attributes, shell, environ);
	else if (split_words(copy, words))
		error = posix_spawnp(&p->process, words[0], files, attributes, words, environ);
	free(copy);
	return error;
}

/* We ignore SIGPIPE; what the pager runs may rely on it. */
static int spawn_pager(struct pager *p, int input)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int error = posix_spawn_file_actions_init(&files);

	if (error)
		return error;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	error = posix_spawnattr_init(&attributes);
	if (!error) {
		posix_spawnattr_setsigdefault(&attributes, &defaults);
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
		error = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
		if (!error)
			error = spawn_command(p, &files, &attributes);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&files);
	return error;
}

int pager_start(struct pager *p)
{
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	error = spawn_pager(p, ends[0]);
	close(ends[0]);
	if (!error) {
		p->running = true;
		end_behind_pager();
		p->takes_errors = isatty(STDERR_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		if (p->takes_errors)
			dup2(ends[1], STDERR_FILENO);
	}
	close(ends[1]);
	return error;
}

void pager_finish(struct pager *p)
{
	int nowhere;

	if (!p->running)
		return;
	/* Both are ends of the pipe, which the pager reads until the last is gone. */
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	turn_away(STDOUT_FILENO, nowhere);
	if (p->takes_errors)
		turn_away(STDERR_FILENO, nowhere);
	while (waitpid(p->process, NULL, 0) < 0 && errno == EINTR)
		;
	p->running = false;
}
