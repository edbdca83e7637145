/* SPDX-License-Identifier: Apache-2.0 */
/* side_text.c: reads small text files as Kafka's Java code does. */
#include "check/side_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding.h"
#include "log/stream.h"
#include "print/scalar.h"

/* Kafka writes some hundred bytes. */
enum { TEXT_LIMIT = 1 << 20 };

/* ---- files ---- */

static enum kmeta_status read_all(struct side_text *text, int fd, const char *path,
                                  struct kmeta_finding *why)
{
	while (text->size < TEXT_LIMIT) {
		const ssize_t n = read(fd, text->at + text->size, TEXT_LIMIT - text->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return finding_system(why, path, errno, "cannot read");
		if (!n)
			return KMETA_OK;
		text->size += (size_t)n;
	}
	text->is_cut = true;
	return KMETA_OK;
}

enum kmeta_status side_text_read(struct side_text *text, const char *path,
                                 struct kmeta_finding *why)
{
	enum kmeta_status status;
	int fd;

	if (!path)
		return finding_memory(why);
	fd = stream_open_member(path, why);
	if (fd < 0)
		return why->system_error == ENOENT ? KMETA_END : KMETA_FAILED;
	text->at = malloc(TEXT_LIMIT);
	status = text->at ? read_all(text, fd, path, why) : finding_memory(why);
	close(fd);
	return status;
}

void side_text_release(struct side_text *text)
{
	free(text->at);
	*text = (struct side_text){ 0 };
}

/* ---- lines, words, numbers ---- */

bool side_text_is_utf8(const struct side_text *text)
{
	bool valid = true;

	for (size_t i = 0; i < text->size && valid;)
		i += utf8_step((const uint8_t *)text->at + i, text->size - i, &valid);
	return valid;
}

static struct kmeta_bytes skip(struct kmeta_bytes bytes, size_t size)
{
	return (struct kmeta_bytes){ bytes.data + size, bytes.size - size };
}

bool side_text_line(struct kmeta_bytes *left, struct kmeta_bytes *line)
{
	size_t size = 0;

	if (!left->size)
		return false;
	while (size < left->size && left->data[size] != '\n' && left->data[size] != '\r')
		size++;
	*line = (struct kmeta_bytes){ left->data, size };
	*left = skip(*left, size);
	if (left->size > 1 && left->data[0] == '\r' && left->data[1] == '\n')
		*left = skip(*left, 1);
	if (left->size)
		*left = skip(*left, 1);
	return true;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool side_text_word(struct kmeta_bytes *line, struct kmeta_bytes *word)
{
	size_t size = 0, blanks;

	if (!line->size)
		return false;
	while (size < line->size && !is_blank(line->data[size]))
		size++;
	*word = (struct kmeta_bytes){ line->data, size };
	for (blanks = size; blanks < line->size && is_blank(line->data[blanks]); blanks++)
		continue;
	*line = skip(*line, blanks);
	return true;
}

bool side_text_number(struct kmeta_bytes word, int64_t least, int64_t most, int64_t *number)
{
	const bool negative = word.size && word.data[0] == '-';
	const bool has_sign = negative || (word.size && word.data[0] == '+');
	int64_t n = 0;

	if (word.size == has_sign)
		return false;
	/* Count downwards: the most negative number has no positive counterpart. */
	for (size_t i = has_sign; i < word.size; i++) {
		const int digit = word.data[i] - '0';

		if (digit < 0 || digit > 9 || n < (INT64_MIN + digit) / 10)
			return false;
		n = n * 10 - digit;
	}
	if (!negative && n == INT64_MIN)
		return false;
	*number = negative ? n : -n;
	return *number >= least && *number <= most;
}

/* ---- properties ---- */

/* Takes the next line that is no comment and not empty, together with the lines that continue it. */
static bool take_logical_line(struct kmeta_bytes *left, struct kmeta_bytes *line)
{
	struct kmeta_bytes next;

	while (side_text_line(left, line)) {
		while (line->size && is_blank(line->data[0]))
			*line = skip(*line, 1);
		if (!line->size || line->data[0] == '#' || line->data[0] == '!')
			continue;
		for (;;) {
			size_t slashes = 0;

			while (slashes < line->size && line->data[line->size - 1 - slashes] == '\\')
				slashes++;
			if (slashes % 2 == 0 || !side_text_line(left, &next))
				return true;
			line->size = (size_t)(next.data + next.size - line->data);
		}
	}
	return false;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Takes one character, with its escape resolved. Characters beyond ASCII become '?': no name and
 * no value that is looked for has one. -1: a line was continued here.
 */
static int take_character(struct kmeta_bytes *line)
{
	static const char named[] = "t\tn\nr\rf\f";
	uint8_t c = line->data[0];
	const char *found;
	int code = 0;

	*line = skip(*line, 1);
	if (c != '\\' || !line->size)
		return c < 0x80 ? c : '?';
	c = line->data[0];
	*line = skip(*line, 1);
	if (c == '\n' || c == '\r') {
		while (line->size && is_blank(line->data[0]))
			*line = skip(*line, 1);
		return -1;
	}
	if (c == 'u' && line->size >= 4) {
		for (size_t i = 0; i < 4; i++)
			code = code * 16 + hex_digit(line->data[i]);
		*line = skip(*line, 4);
		return code >= 0 && code < 0x80 ? code : '?';
	}
	found = c ? strchr(named, c) : NULL;
	return found && (found - named) % 2 == 0 ? found[1] : c;
}

/* A name ends at an unescaped '=', ':' or blank. True: it is the one that is looked for. */
static bool take_name(struct kmeta_bytes *line, const char *name)
{
	size_t matched = 0;
	bool same = true;

	while (line->size && line->data[0] != '=' && line->data[0] != ':' &&
	       !is_blank(line->data[0])) {
		const int c = take_character(line);

		if (c < 0)
			continue;
		same = same && c && name[matched] == c;
		matched += same;
	}
	return same && !name[matched];
}

static void skip_separator(struct kmeta_bytes *line)
{
	bool seen = false;

	while (line->size) {
		const uint8_t c = line->data[0];

		if (!is_blank(c) && (seen || (c != '=' && c != ':')))
			return;
		seen |= c == '=' || c == ':';
		*line = skip(*line, 1);
	}
}

bool side_text_property(const struct side_text *text, const char *name, char *value, size_t room)
{
	struct kmeta_bytes left = { (const uint8_t *)text->at, text->size }, line;
	bool found = false;

	while (take_logical_line(&left, &line)) {
		size_t size = 0;

		if (!take_name(&line, name))
			continue;
		found = true;
		skip_separator(&line);
		while (line.size) {
			const int c = take_character(&line);

			if (c >= 0 && size + 1 < room)
				value[size++] = (char)c;
		}
		value[size] = '\0';
	}
	return found;
}
