/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonlines.c: reads standard input as JSON Lines. Silent if each line is an object that a parser
 * of others' making takes; otherwise names the first line that is not, and ends with status 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <jansson.h>

static int refuse(long number, const char *why, const char *line, size_t size)
{
	printf("line %ld: %s: %.*s\n", number, why, (int)(size < 200 ? size : 200), line);
	return 1;
}

static int check(long number, const char *line, size_t size)
{
	json_error_t error;
	json_t *value;
	int status = 0;

	if (!size || line[size - 1] != '\n')
		return refuse(number, "does not end in a newline", line, size);
	value = json_loadb(line, size - 1, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	if (!value)
		return refuse(number, error.text, line, size - 1);
	if (!json_is_object(value))
		status = refuse(number, "is no object", line, size - 1);
	json_decref(value);
	return status;
}

int main(void)
{
	char *line = NULL;
	size_t capacity = 0;
	ssize_t size;
	long number = 0;
	int status = 0;

	while (status == 0 && (size = getline(&line, &capacity, stdin)) >= 0)
		status = check(++number, line, (size_t)size);
	if (ferror(stdin)) {
		printf("cannot read: %s\n", strerror(errno));
		status = 2;
	}
	free(line);
	return status;
}
