/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crew.h: batches that are printed side by side, ahead of their turn. What comes out is in the order
 * of the log, and what cannot be foreseen is printed again at its turn, in place: damage, records
 * that tell the dialect something, the last lines up to --limit.
 */
#ifndef DUMP_CREW_H
#define DUMP_CREW_H

#include "dump.h"

/* Takes a sound batch; false: damage inside one ended the dump, and nothing more is to be printed. */
bool crew_take(struct dump *d, const struct kmeta_batch *batch);

/* Prints all that was taken before; false as above. */
bool crew_catch_up(struct dump *d);

/* Ends the threads. What was taken and not printed is dropped. */
void crew_dismiss(struct dump *d);

#endif
