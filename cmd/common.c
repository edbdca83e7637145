/* SPDX-License-Identifier: Apache-2.0 */
/* common.c: what the commands share: options, messages, output, progress. */
#include "common.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DRAIN_AT = 256 << 10, OPTIONS_LIMIT = 64, HELP_COLUMN = 26 };

/* ---- options ---- */

static void print_help(const struct command *command)
{
	printf("usage: %s %s\n\n%s\n\n", command->name, command->synopsis, command->about);
	for (size_t i = 0; i < command->options_count; i++) {
		const struct command_option *o = &command->options[i];
		char left[64], letter[8] = "    ";

		if (o->id < 256)
			snprintf(letter, sizeof(letter), "-%c, ", o->id);
		snprintf(left, sizeof(left), "  %s--%s%s%s", letter, o->name,
		         o->argument ? "=" : "", o->argument ? o->argument : "");
		printf("%-*s %s%s\n", HELP_COLUMN, left,
		       strlen(left) > HELP_COLUMN ? "\n                           " : "", o->help);
	}
	if (command->notes)
		printf("\n%s", command->notes);
}

void common_usage(const struct common *c, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", c->command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, " (%s --help)\n", c->command->name);
	exit(EXIT_TROUBLE);
}

static enum when parse_when(const struct common *c, const char *option, const char *text)
{
	static const char *const words[] = { "auto", "always", "never" };

	return (enum when)common_word(c, option, text, words, 3);
}

static const char *newest_release(void)
{
	size_t release = 0;

	while (kmeta_release_name(release + 1))
		release++;
	return kmeta_release_name(release);
}

static void take_dialect(struct common *c, const char *release)
{
	struct kmeta_dialect dialect;

	if (!kmeta_dialect_init(&dialect, release))
		common_usage(c, "no release '%s' is known: use 2.8 to %s, or auto", release,
		             newest_release());
	c->dialect = release;
}

/* Help and version went to standard output, which may be full. */
static _Noreturn void finish_printing(const struct common *c)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		exit(EXIT_CLEAN);
	fprintf(stderr, "%s: cannot write: %s\n", c->command->name, strerror(errno));
	exit(EXIT_TROUBLE);
}

static bool take_shared(struct common *c, int id)
{
	switch (id) {
	case 'h':
		print_help(c->command);
		finish_printing(c);
	case 'V':
		printf("%s %s\n", c->command->name, kmeta_version());
		finish_printing(c);
	case 'q':
		c->quiet = true;
		return true;
	case OPTION_COLOR:
		c->color = parse_when(c, "color", optarg);
		return true;
	case OPTION_PROGRESS:
		c->progress = parse_when(c, "progress", optarg);
		return true;
	case OPTION_UTC:
		c->flags |= KMETA_SHOW_UTC;
		/* What is read without a zone is then meant so as well. */
		setenv("TZ", "UTC0", 1);
		tzset();
		return true;
	case OPTION_DIALECT:
		take_dialect(c, optarg);
		return true;
	case OPTION_SHOW_SECRETS:
		c->flags |= KMETA_SHOW_SECRETS;
		return true;
	default:
		return false;
	}
}

static void settle_color(struct common *c)
{
	const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
	const bool able = isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0 &&
	                  !(none && *none);

	if (c->color == WHEN_ALWAYS || (c->color == WHEN_AUTO && able))
		c->flags |= KMETA_SHOW_COLOR;
}

int common_next_option(struct common *c, int argc, char **argv)
{
	struct option longs[OPTIONS_LIMIT] = { { 0 } };
	char letters[2 * OPTIONS_LIMIT + 2] = ":";
	size_t at = 1;
	int id;

	for (size_t i = 0; i < c->command->options_count && i + 1 < OPTIONS_LIMIT; i++) {
		const struct command_option *o = &c->command->options[i];

		longs[i] = (struct option){ o->name, o->argument ? required_argument : no_argument,
			                    NULL, o->id };
		if (o->id < 256) {
			letters[at++] = (char)o->id;
			if (o->argument)
				letters[at++] = ':';
		}
	}
	do {
		id = getopt_long(argc, argv, letters, longs, NULL);
		if (id == ':')
			common_usage(c, "%s needs a value", argv[optind - 1]);
		if (id == '?' && optopt && !strchr(letters, optopt) && optopt < 256)
			common_usage(c, "unknown option -%c", optopt);
		if (id == '?')
			common_usage(c, "%s '%s'", optopt ? "no value goes with" : "unknown option",
			             argv[optind - 1]);
	} while (take_shared(c, id));
	if (id == -1)
		settle_color(c);
	return id;
}

size_t common_word(const struct common *c, const char *option, const char *text,
                   const char *const *words, size_t count)
{
	char all[128] = "";

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(text, words[i]))
			return i;
		strncat(all, i ? i + 1 < count ? ", " : " or " : "", sizeof(all) - strlen(all) - 1);
		strncat(all, words[i], sizeof(all) - strlen(all) - 1);
	}
	common_usage(c, "--%s takes %s, not '%s'", option, all, text);
}

int64_t common_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum kmeta_status common_load(struct kmeta_image **image, const char *address,
                              const struct kmeta_load_options *options, struct kmeta_finding *why)
{
	struct kmeta_point point;
	char *path = NULL;
	enum kmeta_status status = kmeta_address_parse(address, common_now(), &path, &point, why);

	if (status == KMETA_OK)
		status = kmeta_image_load(image, path, point, options, why);
	free(path);
	return status;
}

/* ---- messages ---- */

void common_report(const struct common *c, const char *address, const struct kmeta_finding *finding)
{
	const char *file = finding->file ? finding->file : address;

	if (c->quiet && kmeta_code_severity(finding->code) != KMETA_ERROR)
		return;
	fprintf(stderr, "%s: ", c->command->name);
	if (file)
		fprintf(stderr, "%s: ", file);
	if (finding->position >= 0)
		fprintf(stderr, "byte %lld", (long long)finding->position);
	if (finding->offset >= 0)
		fprintf(stderr, "%s(offset %lld)", finding->position >= 0 ? " " : "",
		        (long long)finding->offset);
	fprintf(stderr, "%s%s\n", finding->position >= 0 || finding->offset >= 0 ? ": " : "",
	        finding->message);
}

void common_note(const struct common *c, const char *format, ...)
{
	va_list arguments;

	if (c->quiet)
		return;
	fprintf(stderr, "%s: ", c->command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* ---- standard output ---- */

bool output_flush(struct output *out, const struct common *c)
{
	const char *at = out->buffer.at;
	size_t left = out->buffer.size;

	out->buffer.size = 0;
	if (out->buffer.failed && !out->failed) {
		out->failed = true;
		fprintf(stderr, "%s: out of memory\n", c->command->name);
	}
	while (left && !out->closed && !out->failed) {
		const ssize_t n = write(STDOUT_FILENO, at, left);

		if (n >= 0) {
			at += n;
			left -= (size_t)n;
		} else if (errno == EPIPE) {
			out->closed = true;
		} else if (errno != EINTR) {
			out->failed = true;
			fprintf(stderr, "%s: cannot write: %s\n", c->command->name,
			        strerror(errno));
		}
	}
	return !out->closed && !out->failed;
}

bool output_drain(struct output *out, const struct common *c)
{
	if (out->buffer.size < DRAIN_AT && !out->buffer.failed)
		return !out->closed && !out->failed;
	return output_flush(out, c);
}

void output_count(struct kmeta_buffer *out, int64_t count, const char *one, const char *many)
{
	kmeta_buffer_format(out, "%lld %s", (long long)count, count == 1 ? one : many);
}

/* ---- progress ---- */

enum { CALLS_A_LOOK = 16, FIRST_AFTER = 1000, AGAIN_AFTER = 200 };

int64_t common_steady(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Not beside records on the same terminal. */
void progress_begin(struct progress *p, const struct common *c)
{
	const bool fitting = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && !c->quiet;

	*p = (struct progress){ .started = common_steady() };
	p->wanted = c->progress == WHEN_ALWAYS || (c->progress == WHEN_AUTO && fitting);
}

static void show(struct progress *p, const struct common *c, int64_t done, int64_t total,
                 int64_t elapsed)
{
	enum { WIDTH = 24 };
	char bar[WIDTH + 1];
	const int filled = total > 0 && done < total ? (int)(done * WIDTH / total) : WIDTH;

	memset(bar, '.', WIDTH);
	memset(bar, '#', (size_t)filled);
	bar[WIDTH] = '\0';
	if (total > 0 && done > 0)
		fprintf(stderr, "\r%s: [%s] %3d %% of %lld MiB, %lld s left\x1b[K",
		        c->command->name, bar, (int)(done < total ? done * 100 / total : 100),
		        (long long)total >> 20,
		        (long long)(done < total ? elapsed * (total - done) / done / 1000 : 0));
	else
		fprintf(stderr, "\r%s: %lld MiB\x1b[K", c->command->name, (long long)done >> 20);
	p->visible = true;
}

void progress_show(struct progress *p, const struct common *c, int64_t done, int64_t total)
{
	int64_t now;

	if (!p->wanted || ++p->calls % CALLS_A_LOOK)
		return;
	now = common_steady();
	if (now - p->started < FIRST_AFTER || now - p->shown < AGAIN_AFTER)
		return;
	p->shown = now;
	show(p, c, done, total, now - p->started);
}

void progress_step(struct progress *p, const struct common *c, const struct kmeta_source *source)
{
	int64_t done, total;

	if (!p->wanted)
		return;
	kmeta_source_progress(source, &done, &total);
	progress_show(p, c, done, total);
}

void progress_hide(struct progress *p)
{
	if (p->visible)
		fputs("\r\x1b[K", stderr);
	p->visible = false;
}
