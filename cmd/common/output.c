/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: standard output, written in large pieces. */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DRAIN_AT = 256 << 10 };

static void output_fail(struct output *out, const char *what, const char *why)
{
	out->failed = true;
	fprintf(stderr, "%s: %s%s\n", out->command, what, why);
}

/* ---- what a terminal shows ---- */

/* A message among lines begins with this, which no line does. */
enum { MESSAGE = '\0' };

/* Takes a line off the text, without its end. */
static struct kmeta_bytes take_line(struct kmeta_bytes *text, bool *is_message)
{
	const uint8_t *end = memchr(text->data, '\n', text->size);
	struct kmeta_bytes line = { text->data, end ? (size_t)(end - text->data) : text->size };

	text->data += line.size + (end != NULL);
	text->size -= line.size + (end != NULL);
	*is_message = line.size && line.data[0] == MESSAGE;
	if (*is_message) {
		line.data++;
		line.size--;
	}
	return line;
}

static bool fits_screen(const struct output *out, struct kmeta_bytes text)
{
	const size_t width = columns_of_terminal(), rows = columns_rows_of_terminal();
	bool is_message;

	/* The prompt takes a row too. */
	for (size_t used = 1; text.size && used < rows;) {
		const struct kmeta_bytes line = take_line(&text, &is_message);
		const size_t columns = width && (is_message || !out->cuts)
		                               ? columns_of_line(&out->columns, line)
		                               : 0;

		used += columns > width ? (columns + width - 1) / width : 1;
		if (used > rows)
			return false;
	}
	return !text.size;
}

/* Cuts lines that are too long, and takes the signs off messages. */
static struct kmeta_bytes as_shown(struct output *out, struct kmeta_bytes text)
{
	const size_t width = out->cuts && !out->pager.running ? columns_of_terminal() : 0;
	bool is_message;

	if (!width && !out->has_messages)
		return text;
	out->as_shown.size = 0;
	while (text.size) {
		const struct kmeta_bytes line = take_line(&text, &is_message);

		if (width && !is_message)
			columns_cut(&out->columns, width, line, &out->as_shown);
		else
			kmeta_buffer_add(&out->as_shown, line.data, line.size);
		if (text.data > line.data + line.size)
			kmeta_buffer_add(&out->as_shown, "\n", 1);
	}
	out->has_messages = false;
	if (out->as_shown.failed)
		output_fail(out, "out of memory", "");
	return kmeta_buffer_bytes(&out->as_shown);
}

/* ---- writing ---- */

static bool may_page(const struct output *out)
{
	return out->pager.command && !out->pager.running;
}

/* A pager that nobody chose may be missing. */
static void begin_paging(struct output *out)
{
	const char *command = out->pager.command;
	const int error = pager_start(&out->pager);

	out->pager.command = error ? NULL : command;
	if (error && out->pager.is_named)
		fprintf(stderr, "%s: cannot start the pager '%s': %s\n", out->command, command,
		        strerror(error));
}

static void write_output(struct output *out, struct kmeta_bytes text)
{
	while (text.size && !out->closed && !out->failed) {
		const ssize_t n = write(STDOUT_FILENO, text.data, text.size);

		if (n >= 0) {
			text.data += n;
			text.size -= (size_t)n;
		} else if (errno == EPIPE) {
			out->closed = true;
		} else if (errno != EINTR) {
			output_fail(out, "cannot write: ", strerror(errno));
		}
	}
}

bool output_flush(struct output *out)
{
	const struct kmeta_bytes text = kmeta_buffer_bytes(&out->buffer);

	if (out->buffer.failed && !out->failed)
		output_fail(out, "out of memory", "");
	if (text.size && may_page(out)) {
		if (fits_screen(out, text))
			return !out->failed;
		begin_paging(out);
	}
	out->buffer.size = 0;
	if (text.size && !out->closed && !out->failed)
		write_output(out, as_shown(out, text));
	return !out->closed && !out->failed;
}

bool output_end(struct output *out)
{
	if (may_page(out) && fits_screen(out, kmeta_buffer_bytes(&out->buffer)))
		out->pager.command = NULL;
	return output_flush(out);
}

static bool is_behind_held_lines(const struct output *out)
{
	return may_page(out) && out->buffer.size && out->buffer.at[out->buffer.size - 1] == '\n' &&
	       isatty(STDERR_FILENO);
}

void output_message(struct output *out, struct kmeta_bytes message)
{
	static const char sign = MESSAGE;

	if (is_behind_held_lines(out)) {
		kmeta_buffer_add(&out->buffer, &sign, 1);
		kmeta_buffer_add(&out->buffer, message.data, message.size);
		out->has_messages = true;
		return;
	}
	if (out->pager.running)
		output_flush(out);
	fwrite(message.data, 1, message.size, stderr);
}

void output_close(struct output *out)
{
	pager_finish(&out->pager);
	columns_close(&out->columns);
	kmeta_buffer_release(&out->as_shown);
	kmeta_buffer_release(&out->buffer);
}

bool output_drain(struct output *out)
{
	if (out->buffer.size < DRAIN_AT && !out->buffer.failed)
		return !out->closed && !out->failed;
	return output_flush(out);
}

void output_count(struct kmeta_buffer *out, int64_t count, const char *one, const char *many)
{
	kmeta_buffer_format(out, "%lld %s", (long long)count, count == 1 ? one : many);
}
