/* SPDX-License-Identifier: Apache-2.0 */
/* timestamp.h: prints and parses times as people write them. */
#ifndef KMETA_PRINT_TIMESTAMP_H
#define KMETA_PRINT_TIMESTAMP_H

#include "kmeta/print.h"

/* Bytes that time_print() may write. */
enum { TIME_SIZE = 32 };

/*
 * Writes a time as ISO 8601 to the second and its zone, an offset or Z, to "zone". Returns the end.
 */
char *time_print(char *at, int64_t seconds, bool utc, char zone[8]);

/*
 * Parses "2026-11-24T14:05:00.123Z", "2026-11-24 14:05+02:00", "2026-11-24", "14:05" (the last that
 * begins up to clock.latest), "-10m", "now", or "@MILLISECONDS". A day, minute or second means its
 * first millisecond or, with "last", its last. Without a zone: local time.
 */
bool time_parse(const char *text, size_t size, struct kmeta_clock clock, bool last,
                int64_t *milliseconds);

/* True if a text that time_parse() understands is a time of day. */
bool time_is_of_day(const char *text, size_t size);

#endif
