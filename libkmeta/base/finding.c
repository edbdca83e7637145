/* SPDX-License-Identifier: Apache-2.0 */
/* finding.c: the names of findings, and how one is filled in. */
#include "base/finding.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STRINGIFY_(x) #x
#define STRINGIFY(x)  STRINGIFY_(x)

struct code {
	const char *name, *meaning, *cause, *advice;
	enum kmeta_severity severity;
};

static const struct code codes[KMETA_CODE_COUNT] = {
#define CODE(identifier, level, text, about, from, now) \
	[KMETA_##identifier] = { text, about, from, now, KMETA_##level },
	KMETA_CODES(CODE)
#undef CODE
};

const char *kmeta_version(void)
{
	return STRINGIFY(KMETA_VERSION);
}

const char *kmeta_code_name(enum kmeta_code code)
{
	return code > KMETA_SOUND && code < KMETA_CODE_COUNT ? codes[code].name : "sound";
}

const char *kmeta_code_meaning(enum kmeta_code code)
{
	return code > KMETA_SOUND && code < KMETA_CODE_COUNT ? codes[code].meaning : "";
}

const char *kmeta_code_cause(enum kmeta_code code)
{
	return code > KMETA_SOUND && code < KMETA_CODE_COUNT ? codes[code].cause : "";
}

const char *kmeta_code_advice(enum kmeta_code code)
{
	return code > KMETA_SOUND && code < KMETA_CODE_COUNT ? codes[code].advice : "";
}

enum kmeta_severity kmeta_code_severity(enum kmeta_code code)
{
	return code > KMETA_SOUND && code < KMETA_CODE_COUNT ? codes[code].severity : KMETA_NOTE;
}

const char *kmeta_severity_name(enum kmeta_severity severity)
{
	static const char *const severities[] = {
		[KMETA_NOTE] = "note", [KMETA_WARNING] = "warning", [KMETA_ERROR] = "error"
	};

	return severities[severity];
}

/* The reader can go on behind every other one. */
bool finding_is_fatal(enum kmeta_code code)
{
	return code == KMETA_CANNOT_READ || code == KMETA_CANNOT_WRITE || code == KMETA_NOT_A_LOG ||
	       code == KMETA_OUT_OF_MEMORY || code == KMETA_BAD_ARGUMENT ||
	       (code >= KMETA_CANNOT_CONNECT && code <= KMETA_LOG_GONE);
}

enum kmeta_status finding_set(struct kmeta_finding *why, enum kmeta_code code, const char *format,
                              ...)
{
	va_list arguments;

	*why = (struct kmeta_finding){ .code = code, .position = -1, .size = -1, .offset = -1 };
	va_start(arguments, format);
	vsnprintf(why->message, sizeof(why->message), format, arguments);
	va_end(arguments);
	return finding_is_fatal(code) ? KMETA_FAILED : KMETA_DAMAGED;
}

enum kmeta_status finding_system(struct kmeta_finding *why, const char *file, int error,
                                 const char *doing)
{
	if (error == ENOMEM)
		return finding_memory(why);
	finding_set(why, KMETA_CANNOT_READ, "%s: %s", doing, strerror(error));
	why->file = file;
	why->system_error = error;
	return KMETA_FAILED;
}

enum kmeta_status finding_memory(struct kmeta_finding *why)
{
	finding_set(why, KMETA_OUT_OF_MEMORY, "out of memory");
	why->system_error = ENOMEM;
	return KMETA_FAILED;
}

enum kmeta_status finding_stopped(struct kmeta_finding *why)
{
	finding_set(why, KMETA_STOPPED, "stopped before it was done");
	return KMETA_FAILED;
}

void finding_detach(struct kmeta_finding *why, const char *path)
{
	const char *file = why->file, *slash = file ? strrchr(file, '/') : NULL;
	char message[sizeof(why->message)];
	int used;

	why->file = NULL;
	if (!file || !strcmp(file, path))
		return;
	memcpy(message, why->message, sizeof(message));
	used = snprintf(why->message, sizeof(why->message), "%s: ", slash ? slash + 1 : file);
	if (why->position >= 0 && (size_t)used < sizeof(message))
		used += snprintf(why->message + used, sizeof(message) - (size_t)used,
		                 why->offset >= 0 ? "byte %lld (offset %lld): " : "byte %lld: ",
		                 (long long)why->position, (long long)why->offset);
	if ((size_t)used < sizeof(message))
		snprintf(why->message + used, sizeof(message) - (size_t)used, "%s", message);
	why->position = why->offset = -1;
}
