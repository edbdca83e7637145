/* SPDX-License-Identifier: Apache-2.0 */
/* common.h: the frame of every command: options, messages, output, progress, main. */
#ifndef KMETA_COMMON_H
#define KMETA_COMMON_H

#include "common/command.h"
#include "common/near.h"
#include "common/option.h"
#include "common/output.h"
#include "common/progress.h"
#include "common/words.h"

#endif
