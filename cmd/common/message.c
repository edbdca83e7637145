/* SPDX-License-Identifier: Apache-2.0 */
/* message.c: what commands say on standard error. */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

/* Ends the line, and says it. */
static void say_line(struct common *c, struct kmeta_buffer *line)
{
	kmeta_buffer_add(line, "\n", 1);
	progress_hide(&c->progress);
	output_message(&c->out, kmeta_buffer_bytes(line));
	kmeta_buffer_release(line);
}

void common_say(struct common *c, const struct kmeta_finding *finding)
{
	const char *file = finding->file ? finding->file : c->address;
	struct kmeta_buffer line = { 0 };

	if (c->quiet && kmeta_code_severity(finding->code) != KMETA_ERROR)
		return;
	kmeta_buffer_format(&line, "%s: ", c->command->name);
	if (file)
		kmeta_buffer_format(&line, "%s: ", file);
	if (finding->position >= 0)
		kmeta_buffer_format(&line, "byte %lld", (long long)finding->position);
	if (finding->offset >= 0)
		kmeta_buffer_format(&line, "%s(offset %lld)", finding->position >= 0 ? " " : "",
		                    (long long)finding->offset);
	kmeta_buffer_format(&line, "%s%s",
	                    finding->position >= 0 || finding->offset >= 0 ? ": " : "",
	                    finding->message);
	say_line(c, &line);
}

enum kmeta_status common_fault(struct kmeta_finding *why, enum kmeta_code code, const char *file,
                               const char *format, ...)
{
	va_list arguments;

	*why = (struct kmeta_finding){
		.code = code, .file = file, .position = -1, .size = -1, .offset = -1
	};
	va_start(arguments, format);
	vsnprintf(why->message, sizeof(why->message), format, arguments);
	va_end(arguments);
	return KMETA_FAILED;
}

/* A record of a newer release is no fault of the log, but still was not read. */
bool common_hides(enum kmeta_code code)
{
	return kmeta_code_severity(code) == KMETA_ERROR || code == KMETA_UNKNOWN_RECORD ||
	       code == KMETA_UNKNOWN_VERSION || code == KMETA_LATER_VERSION;
}

bool common_report(void *context, const struct kmeta_finding *finding)
{
	struct common *c = context;

	common_say(c, finding);
	c->trouble |= common_hides(finding->code);
	return true;
}

void common_note(struct common *c, const char *format, ...)
{
	struct kmeta_buffer line = { 0 };
	va_list arguments;
	char *text;

	if (c->quiet)
		return;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	kmeta_buffer_format(&line, "%s: %s", c->command->name, text ? text : "out of memory");
	free(text);
	say_line(c, &line);
}

void common_note_more(struct common *c, int64_t more)
{
	if (more)
		common_note(c, "%lld more %s not shown", (long long)more, more == 1 ? "is" : "are");
}
