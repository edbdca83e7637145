/* SPDX-License-Identifier: Apache-2.0 */
/* test_wire.c: the reader of Kafka's encodings stays inside its bytes and keeps its first fault. */
#include <kmeta.h>

#include "base/wire.h"

#include "rows.h"

enum kind { INT8, INT16, INT32, INT64, UVARINT, VARINT, VARLONG };

static int64_t take(struct wire *w, enum kind kind)
{
	switch (kind) {
	case INT8:
		return wire_int8(w);
	case INT16:
		return wire_int16(w);
	case INT32:
		return wire_int32(w);
	case INT64:
		return wire_int64(w);
	case UVARINT:
		return wire_uvarint(w);
	case VARINT:
		return wire_varint(w);
	case VARLONG:
		return wire_varlong(w);
	}
	return 0;
}

/* clang-format off */
static const struct {
	enum kind kind;
	struct kmeta_bytes bytes;
	int64_t value;
	size_t used;
} numbers[] = {
	{ INT8, BYTES("\x80"), -128, 1 },
	{ INT16, BYTES("\x7f\xff"), 32767, 2 },
	{ INT16, BYTES("\xff\xfe"), -2, 2 },
	{ INT32, BYTES("\x01\x02\x03\x04"), 0x01020304, 4 },
	{ INT32, BYTES("\x80\0\0\0"), INT32_MIN, 4 },
	{ INT64, BYTES("\x01\x02\x03\x04\x05\x06\x07\x08"), 0x0102030405060708, 8 },
	{ INT64, BYTES("\x80\0\0\0\0\0\0\0"), INT64_MIN, 8 },
	{ UVARINT, BYTES("\0"), 0, 1 },
	{ UVARINT, BYTES("\x7f"), 127, 1 },
	{ UVARINT, BYTES("\x80\x01"), 128, 2 },
	{ UVARINT, BYTES("\xff\x7f"), 16383, 2 },
	{ UVARINT, BYTES("\xff\xff\xff\xff\x0f"), UINT32_MAX, 5 },
	/* padded forms of 0 are taken, bits above 32 are dropped: as Kafka does */
	{ UVARINT, BYTES("\x80\x00"), 0, 2 },
	{ UVARINT, BYTES("\x80\x80\x80\x80\x00"), 0, 5 },
	{ UVARINT, BYTES("\xff\xff\xff\xff\x7f"), UINT32_MAX, 5 },
	{ UVARINT, BYTES("\x81\x80\x80\x80\x70"), 1, 5 },
	{ UVARINT, BYTES("\x05\x06"), 5, 1 },
	{ VARINT, BYTES("\x00"), 0, 1 },
	{ VARINT, BYTES("\x01"), -1, 1 },
	{ VARINT, BYTES("\x02"), 1, 1 },
	{ VARINT, BYTES("\x7f"), -64, 1 },
	{ VARINT, BYTES("\x80\x01"), 64, 2 },
	{ VARINT, BYTES("\xfe\xff\xff\xff\x0f"), INT32_MAX, 5 },
	{ VARINT, BYTES("\xff\xff\xff\xff\x0f"), INT32_MIN, 5 },
	{ VARLONG, BYTES("\x01"), -1, 1 },
	{ VARLONG, BYTES("\x80\x80\x80\x80\x80\x01"), INT64_C(1) << 34, 6 },
	{ VARLONG, BYTES("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"), INT64_MAX, 10 },
	{ VARLONG, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), INT64_MIN, 10 },
	{ VARLONG, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), INT64_MIN, 10 },
};

static const struct {
	enum kind kind;
	struct kmeta_bytes bytes;
	const char *fault;
} faults[] = {
	{ INT8, BYTES(""), "it ends inside a field" },
	{ INT16, BYTES("\x01"), "it ends inside a field" },
	{ INT32, BYTES("\x01\x02\x03"), "it ends inside a field" },
	{ INT64, BYTES("\x01\x02\x03\x04\x05\x06\x07"), "it ends inside a field" },
	{ UVARINT, BYTES(""), "it ends inside a field" },
	{ UVARINT, BYTES("\x80"), "it ends inside a field" },
	{ UVARINT, BYTES("\xff\xff\xff\xff"), "it ends inside a field" },
	{ UVARINT, BYTES("\x80\x80\x80\x80\x80\x00"), "a variable-length number does not end" },
	{ UVARINT, BYTES("\xff\xff\xff\xff\xff\xff\xff"), "a variable-length number does not end" },
	{ VARINT, BYTES("\xff\xff\xff\xff\xff\x01"), "a variable-length number does not end" },
	{ VARLONG, BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80"), "it ends inside a field" },
	{ VARLONG, BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"),
	  "a variable-length number does not end" },
};
/* clang-format on */

ROWS(wire, number, numbers)
ParameterizedTest(const size_t *row, wire, number, .timeout = 10)
{
	const struct kmeta_bytes bytes = numbers[*row].bytes;
	struct wire w = wire_over(bytes.data, bytes.size);

	cr_expect_eq(take(&w, numbers[*row].kind), numbers[*row].value);
	cr_expect_null(w.fault);
	cr_expect_eq(bytes.size - wire_left(&w), numbers[*row].used);
}

ROWS(wire, fault, faults)
ParameterizedTest(const size_t *row, wire, fault, .timeout = 10)
{
	const struct kmeta_bytes bytes = faults[*row].bytes;
	struct wire w = wire_over(bytes.data, bytes.size);

	cr_expect_eq(take(&w, faults[*row].kind), 0);
	cr_assert_not_null(w.fault);
	cr_expect_str_eq(w.fault, faults[*row].fault);
	cr_expect(w.fault_at >= bytes.data && w.fault_at <= bytes.data + bytes.size);
	cr_expect_eq(wire_left(&w), 0);
}

/* What is written by an independent writer is read back, around each power of two. */
Test(wire, round_trip, .timeout = 10)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		for (int64_t near = -2; near <= 2; near++) {
			const int64_t value = (int64_t)((UINT64_C(1) << bit) + (uint64_t)near);
			struct made m = { 0 };
			struct wire w;

			put_varint(&m, value);
			put_varint(&m, (int32_t)value);
			put_uvarint(&m, (uint32_t)value);
			w = wire_over(m.at, m.size);
			cr_expect_eq(wire_varlong(&w), value);
			cr_expect_eq(wire_varint(&w), (int32_t)value);
			cr_expect_eq(wire_uvarint(&w), (uint32_t)value);
			cr_expect(!w.fault && !wire_left(&w), "value %lld", (long long)value);
			made_release(&m);
		}
	}
}

Test(wire, take_compares_with_what_is_left, .timeout = 10)
{
	static const uint8_t bytes[4] = { 1, 2, 3, 4 };
	const size_t too_much[] = { 5, 1000, SIZE_MAX, SIZE_MAX - 3 };

	for (size_t i = 0; i < COUNT(too_much); i++) {
		struct wire w = wire_over(bytes, sizeof(bytes));

		cr_expect_null(wire_take(&w, too_much[i]));
		cr_expect_not_null(w.fault);
		cr_expect_eq(w.at, bytes);
	}
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		struct wire w = wire_over(bytes, sizeof(bytes));

		cr_expect_eq(wire_take(&w, size), bytes);
		cr_expect_eq(wire_left(&w), sizeof(bytes) - size);
		cr_expect_null(w.fault);
	}
}

/* Straight code may go on reading and ask once, at its end. */
Test(wire, first_fault_stays, .timeout = 10)
{
	static const uint8_t bytes[8] = { 1, 2, 3, 0x80, 0x80, 0x80, 0x80, 0x80 };
	struct wire w = wire_over(bytes, sizeof(bytes));

	cr_expect_eq(wire_int16(&w), 0x0102);
	cr_expect_null(wire_take(&w, 7));
	cr_expect_str_eq(w.fault, "it ends inside a field");
	cr_expect_eq(w.fault_at, bytes + 2);

	wire_fail(&w, "another");
	cr_expect_eq(wire_uvarint(&w), 0);
	cr_expect_eq(wire_varlong(&w), 0);
	cr_expect_eq(wire_int8(&w), 0);
	cr_expect_eq(wire_int64(&w), 0);
	cr_expect_str_eq(w.fault, "it ends inside a field");
	cr_expect_eq(w.fault_at, bytes + 2);
	cr_expect_eq(w.at, bytes + 2);
}
