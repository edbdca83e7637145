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

void common_say(struct common *c, const struct kmeta_finding *finding)
{
	const char *file = finding->file ? finding->file : c->address;

	if (c->quiet && kmeta_code_severity(finding->code) != KMETA_ERROR)
		return;
	progress_hide(&c->progress);
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

bool common_report(void *context, const struct kmeta_finding *finding)
{
	struct common *c = context;

	common_say(c, finding);
	c->trouble |= kmeta_code_severity(finding->code) == KMETA_ERROR;
	return true;
}

void common_note(struct common *c, const char *format, ...)
{
	va_list arguments;

	if (c->quiet)
		return;
	progress_hide(&c->progress);
	fprintf(stderr, "%s: ", c->command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}
