/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alter.c: writes another checkpoint beside one: with the leaderEpoch of so many of its partitions,
 * spread over all of it, one higher.
 *
 * usage: alter CHECKPOINT COUNT NEW-CHECKPOINT     (batches that are not compressed)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kmeta.h>

#include "record/batch.h"

enum { PARTITION = 3 };

static void stop(const char *what)
{
	fprintf(stderr, "alter: %s\n", what);
	exit(1);
}

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long end = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		end = ftell(file);
	if (end >= 0)
		data = malloc((size_t)end + 1);
	if (!data || fseek(file, 0, SEEK_SET) != 0 ||
	    fread(data, 1, (size_t)end, file) != (size_t)end)
		stop(path);
	fclose(file);
	*size = (size_t)end;
	return data;
}

static void alter_record(uint8_t *value, const struct kmeta_record *record)
{
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;

	if (!kmeta_dialect_init(&dialect, NULL) ||
	    kmeta_decode(&dialect, record, &fields, &why) != KMETA_OK)
		stop("a record that cannot be decoded");
	value[kmeta_fields_find(&fields, "leaderEpoch")->at + 3]++;
	kmeta_fields_release(&fields);
}

/* Alters every so many partitions, up to a limit, and returns how many; all are counted where
 * "step" is 0. */
static size_t go_through(uint8_t *data, size_t size, size_t step, size_t limit)
{
	size_t partitions = 0, altered = 0;
	struct kmeta_batch batch = { 0 };
	struct kmeta_finding why;

	for (size_t at = 0; size - at >= BATCH_HEADER; at += (size_t)batch.size) {
		struct kmeta_cursor cursor = { 0 };
		struct kmeta_record record;

		batch_read_header(&batch, data + at);
		if (batch_check_header(&batch, &why) != KMETA_OK || (size_t)batch.size > size - at)
			stop("a batch that is not whole");
		batch.records = (struct kmeta_bytes){ data + at + BATCH_HEADER,
			                              (size_t)batch.size - BATCH_HEADER };
		while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK) {
			if (record.control || record.type != PARTITION)
				continue;
			if (step && altered < limit && partitions % step == 0) {
				alter_record(data + (record.value.data - data), &record);
				altered++;
			}
			partitions++;
		}
		batch.crc = batch_crc(data + at, (size_t)batch.size);
		for (size_t i = 0; i < 4; i++)
			data[at + 17 + i] = (uint8_t)(batch.crc >> (24 - 8 * i));
	}
	return step ? altered : partitions;
}

int main(int argc, char **argv)
{
	const size_t wanted = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	size_t size, partitions;
	uint8_t *data;
	FILE *file;

	if (!wanted)
		stop("usage: alter CHECKPOINT COUNT NEW-CHECKPOINT");
	data = read_file(argv[1], &size);
	partitions = go_through(data, size, 0, 0);
	if (partitions < wanted || go_through(data, size, partitions / wanted, wanted) != wanted)
		stop("it has not so many partitions");
	file = fopen(argv[3], "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		stop(argv[3]);
	free(data);
	return 0;
}
