/* SPDX-License-Identifier: Apache-2.0 */
/* findings.c: findings of one check, kept until they can be reported in order. */
#include "base/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"

void findings_keep(struct findings *f, const struct kmeta_finding *finding)
{
	f->severities[kmeta_code_severity(finding->code)]++;
	f->unread += finding_is_fatal(finding->code);
	if (f->count >= f->limit)
		return;
	if (f->count == f->capacity) {
		const size_t capacity = f->capacity ? f->capacity * 2 : 16;
		struct kmeta_finding *at = realloc(f->at, capacity * sizeof(*at));

		if (!at) {
			f->failed = true;
			return;
		}
		f->at = at;
		f->capacity = capacity;
	}
	f->at[f->count++] = *finding;
}

struct findings_name {
	struct findings_name *next;
	char text[];
};

/* The copy of a name. Neighbours mostly have the same. NULL: out of memory. */
static const char *copied_name(struct findings *f, const char *name)
{
	const size_t size = strlen(name) + 1;
	struct findings_name *copy;

	if (f->names && !strcmp(f->names->text, name))
		return f->names->text;
	copy = malloc(sizeof(*copy) + size);
	if (!copy)
		return NULL;
	copy->next = f->names;
	memcpy(copy->text, name, size);
	f->names = copy;
	return copy->text;
}

void findings_keep_copy(struct findings *f, const struct kmeta_finding *finding)
{
	struct kmeta_finding copy = *finding;

	if (copy.file && f->count < f->limit) {
		copy.file = copied_name(f, copy.file);
		f->failed |= !copy.file;
	}
	findings_keep(f, &copy);
}

void findings_add(struct findings *f, enum kmeta_code code, const char *file, int64_t position,
                  int64_t offset, const char *format, ...)
{
	struct kmeta_finding finding = {
		.code = code, .file = file, .position = position, .size = -1, .offset = offset
	};
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding.message, sizeof(finding.message), format, arguments);
	va_end(arguments);
	findings_keep(f, &finding);
}

void findings_move(struct findings *to, struct findings *from)
{
	for (size_t i = 0; i < from->count; i++)
		findings_keep(to, &from->at[i]);
	/* Findings beyond the limit were counted but not kept: add them to the counts. */
	for (size_t i = 0; i < from->count; i++) {
		from->severities[kmeta_code_severity(from->at[i].code)]--;
		from->unread -= finding_is_fatal(from->at[i].code);
	}
	for (size_t i = 0; i < 3; i++)
		to->severities[i] += from->severities[i];
	to->unread += from->unread;
	to->failed |= from->failed;
	while (from->names) {
		struct findings_name *name = from->names;

		from->names = name->next;
		name->next = to->names;
		to->names = name;
	}
	findings_release(from);
}

/* The findings of an index follow those of its segment. */
static int by_file(const struct kmeta_finding *x, const struct kmeta_finding *y)
{
	const bool a = x->code == KMETA_BAD_INDEX, b = y->code == KMETA_BAD_INDEX;

	return a != b ? a - b : a && x->file && y->file ? strcmp(x->file, y->file) : 0;
}

static int by_position(const void *a, const void *b)
{
	const struct kmeta_finding *x = a, *y = b;
	const int files = by_file(x, y);

	if (files)
		return files;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return strcmp(x->message, y->message);
}

void findings_select(struct findings *f,
                     bool (*keep)(void *context, const struct kmeta_finding *finding),
                     void *context)
{
	const size_t count = f->count;

	f->count = 0;
	f->unread = 0;
	memset(f->severities, 0, sizeof(f->severities));
	for (size_t i = 0; i < count; i++) {
		const struct kmeta_finding finding = f->at[i];

		if (keep(context, &finding))
			findings_keep(f, &finding);
	}
}

void findings_sort(struct findings *f)
{
	if (f->count)
		qsort(f->at, f->count, sizeof(*f->at), by_position);
}

void findings_release(struct findings *f)
{
	while (f->names) {
		struct findings_name *next = f->names->next;

		free(f->names);
		f->names = next;
	}
	free(f->at);
	*f = (struct findings){ 0 };
}
