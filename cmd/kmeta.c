/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta.c: kmeta NAME runs kmeta-NAME, as git does. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/near.h"
#include "common/version.h"

enum { EXIT_CLEAN = 0, EXIT_TROUBLE = 2 };

static const struct {
	const char *name, *about;
} commands[] = {
	{ "info", "whose disk this is, who can be elected, what to do first" },
	{ "verify", "is this log whole, will Kafka start from it, do nodes agree?" },
	{ "dump", "the records of a log, as text, JSON or as kafka-dump-log prints them" },
	{ "image", "the state of the cluster at any moment" },
	{ "diff", "what differs between two moments, or two logs" },
	{ "history", "every change of a topic, a partition, a broker, ..." },
	{ "report", "what happened, as a story of causes and effects" },
	{ "sql", "answers to SQL over records, state and history" },
	{ "stat", "what fills a log, and which release can read it" },
	{ "browse", "log and state in the terminal" },
	{ "fetch", "a copy of the log of a living quorum, and how the quorum is" },
	{ "salvage", "one whole log out of damaged ones" },
	{ "snapshot", "a checkpoint of any moment that Kafka starts from" },
	{ "redact", "a copy that may be shown to others" },
};

/* The path of a file from the directory that this program is in. False: there is no such file. */
static bool find_beside(char path[PATH_MAX], const char *format, const char *name, int mode)
{
	const ssize_t size = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *end;
	size_t room;
	int more;

	if (size <= 0)
		return false;
	path[size] = '\0';
	end = strrchr(path, '/');
	if (!end)
		return false;
	end++;
	room = PATH_MAX - (size_t)(end - path);
	more = snprintf(end, room, format, name);
	return more > 0 && (size_t)more < room && access(path, mode) == 0;
}

/* Returns only if there is no such command: beside this one first, then in PATH. */
static void become_command(const char *name, char **argv)
{
	char path[PATH_MAX];

	if (!*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz")])
		return;
	argv[0] = path;
	if (find_beside(path, "kmeta-%s", name, X_OK))
		execv(path, argv);
	snprintf(path, sizeof(path), "kmeta-%s", name);
	execvp(path, argv);
}

static int list_commands(FILE *to)
{
	fputs("usage: kmeta COMMAND [ARGUMENT...]      runs kmeta-COMMAND\n"
	      "       kmeta help COMMAND               shows its manual\n\n",
	      to);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(to, "  %-10s%s\n", commands[i].name, commands[i].about);
	fputs("\nkmeta(1) says which command answers which question.\n", to);
	return fflush(to) == 0 && to == stdout ? EXIT_CLEAN : EXIT_TROUBLE;
}

static int refuse_command(const char *name)
{
	struct kmeta_buffer hint = { 0 };
	struct near near;

	near_begin(&near, name, strlen(name));
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		near_add(&near, commands[i].name, strlen(commands[i].name));
	near_put(&near, &hint);
	fputs("kmeta: there is no command '", stderr);
	for (const char *at = name; *at; at++)
		fputc((unsigned char)*at >= 0x20 && *at != 0x7f ? *at : '?', stderr);
	fprintf(stderr, "'%.*s (kmeta help)\n", (int)hint.size, hint.at ? hint.at : "");
	kmeta_buffer_release(&hint);
	return EXIT_TROUBLE;
}

/* Shows the manual that was installed with this program, or else what --help says. */
static int help_command(const char *name)
{
	static const char *const pages[] = { "../share/man/man1/kmeta-%s.1",
		                             "../share/man/man1/kmeta-%s.1.gz" };
	char option[] = "--help";
	char *with_help[] = { NULL, option, NULL };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (isatty(STDOUT_FILENO) && find_beside(path, pages[i], name, R_OK))
			execlp("man", "man", path, NULL);
	become_command(name, with_help);
	return refuse_command(name);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return list_commands(stderr);
	if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h"))
		return argc > 2 ? help_command(argv[2]) : list_commands(stdout);
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		version_print("kmeta");
		return fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_TROUBLE;
	}
	become_command(name, argv + 1);
	return refuse_command(name);
}
