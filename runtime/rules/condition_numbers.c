/* condition_numbers.c: arithmetic and comparisons over columns of numbers, exact ones in plain loops that
 * vectorise, intervals beside them. NaN is unknown, in both ends of an interval. */
#include <float.h>
#include <math.h>

#include "rules/condition_kernels.h"

typedef struct interval {
	double lo, hi;
} interval;

static const interval nothing = {NAN, NAN};

/* ---- truths from numbers: a byte per row, then eight bytes to eight bits ---- */

static uint64_t pack(const uint8_t bytes[static 64]) {
	uint64_t word = 0;
	for (int k = 0; k < 8; k++) {
		uint64_t x;
		memcpy(&x, bytes + k * 8, 8);
		word |= (x * 0x0102040810204080u >> 56) << (k * 8);
	}
	return word;
}

/* YES and NO are conditions on row i; what is neither is unknown. */
#define COMPARE_ROWS(YES, NO)                 \
	for (int w = 0; w * 64 < n; w++) {        \
		uint8_t yes[64] = {0}, no[64] = {0};  \
		const int first = w * 64;             \
		if (n - first >= 64) {                \
			for (int j = 0; j < 64; j++) {    \
				const int i = first + j;      \
				yes[j] = (YES);               \
				no[j] = (NO);                 \
			}                                 \
		} else {                              \
			for (int i = first; i < n; i++) { \
				yes[i - first] = (YES);       \
				no[i - first] = (NO);         \
			}                                 \
		}                                     \
		truth[w] = pack(yes);                 \
		unknown[w] = ~(truth[w] | pack(no));  \
	}

#define COMPARE_WITH(name, YES, NO)                                                       \
	static void name(const double *restrict a, double k, int n, uint64_t *restrict truth, \
	                 uint64_t *restrict unknown) {                                        \
		COMPARE_ROWS(YES, NO)                                                             \
	}
COMPARE_WITH(less_k, a[i] < k, a[i] >= k)
COMPARE_WITH(at_most_k, a[i] <= k, a[i] > k)
COMPARE_WITH(more_k, a[i] > k, a[i] <= k)
COMPARE_WITH(at_least_k, a[i] >= k, a[i] < k)
COMPARE_WITH(equal_k, a[i] == k, (a[i] < k) | (a[i] > k))
COMPARE_WITH(differ_k, (a[i] < k) | (a[i] > k), a[i] == k)

static void is_missing(const double *restrict a, int n, uint64_t *restrict truth,
                       uint64_t *restrict unknown){COMPARE_ROWS(a[i] != a[i], a[i] == a[i])}

#define COMPARE_EXACT(name, YES, NO)                                                                      \
	static void name(const double *restrict a, const double *restrict b, int n, uint64_t *restrict truth, \
	                 uint64_t *restrict unknown) {                                                        \
		COMPARE_ROWS(YES, NO)                                                                             \
	}
COMPARE_EXACT(less, a[i] < b[i], a[i] >= b[i]) COMPARE_EXACT(at_most, a[i] <= b[i], a[i] > b[i])
    COMPARE_EXACT(equal, a[i] == b[i], (a[i] < b[i]) | (a[i] > b[i]))

        static void compare_intervals(enum op op, const reg *x, const reg *y, int n, uint64_t *restrict truth,
                                      uint64_t *restrict unknown) {
	const double *a = x->lo, *ah = x->hi, *b = y->lo, *bh = y->hi;
	if (op == OP_LT) {
		COMPARE_ROWS(ah[i] < b[i], a[i] >= bh[i])
	} else if (op == OP_LE) {
		COMPARE_ROWS(ah[i] <= b[i], a[i] > bh[i])
	} else {
		COMPARE_ROWS((a[i] == ah[i]) & (b[i] == bh[i]) & (a[i] == b[i]), (ah[i] < b[i]) | (a[i] > bh[i]))
	}
}

static void compare_interval_k(enum op op, const reg *x, double k, int n, uint64_t *restrict truth,
                               uint64_t *restrict unknown) {
	const double *a = x->lo, *ah = x->hi;
	switch (op) {
	case OP_LT_K: COMPARE_ROWS(ah[i] < k, a[i] >= k) break;
	case OP_LE_K: COMPARE_ROWS(ah[i] <= k, a[i] > k) break;
	case OP_GT_K: COMPARE_ROWS(a[i] > k, ah[i] <= k) break;
	case OP_GE_K: COMPARE_ROWS(a[i] >= k, ah[i] < k) break;
	default: COMPARE_ROWS((a[i] == ah[i]) & (a[i] == k), (ah[i] < k) | (a[i] > k))
	}
}

static void compare_k(const step *st, const reg *x, reg *out, int n) {
	if (x->lo != x->hi) {
		compare_interval_k(st->op, x, st->k, n, out->truth, out->unknown);
		return;
	}
	switch (st->op) {
	case OP_LT_K: less_k(x->lo, st->k, n, out->truth, out->unknown); break;
	case OP_LE_K: at_most_k(x->lo, st->k, n, out->truth, out->unknown); break;
	case OP_GT_K: more_k(x->lo, st->k, n, out->truth, out->unknown); break;
	case OP_GE_K: at_least_k(x->lo, st->k, n, out->truth, out->unknown); break;
	default: equal_k(x->lo, st->k, n, out->truth, out->unknown);
	}
}

static void compare(const step *st, const reg *x, const reg *y, reg *out, int n) {
	if (x->lo != x->hi || y->lo != y->hi)
		compare_intervals(st->op, x, y, n, out->truth, out->unknown);
	else if (st->op == OP_LT)
		less(x->lo, y->lo, n, out->truth, out->unknown);
	else if (st->op == OP_LE)
		at_most(x->lo, y->lo, n, out->truth, out->unknown);
	else
		equal(x->lo, y->lo, n, out->truth, out->unknown);
}

/* ---- arithmetic ---- */

static double or_unknown(double x) { return fabs(x) <= DBL_MAX ? x : NAN; }

#define ARITHMETIC(name, EXPRESSION)                                                                    \
	static void name(const double *restrict a, const double *restrict b, int n, double *restrict out) { \
		for (int i = 0; i < n; i++) {                                                                   \
			double x = a[i], y = b[i], r = (EXPRESSION);                                                \
			out[i] = fabs(r) <= DBL_MAX ? r : NAN;                                                      \
		}                                                                                               \
	}
ARITHMETIC(add, x + y)
ARITHMETIC(subtract, x - y)
ARITHMETIC(multiply, x *y)
ARITHMETIC(divide, y == 0 ? NAN : x / y)

static double lua_modulo(double x, double y) {
	double r = fmod(x, y);
	return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

static double exact_value(enum op op, double x, double y, double k) {
	if (x != x || y != y)
		return NAN;
	switch (op) {
	case OP_FLOOR_DIVIDE: return y == 0 ? NAN : or_unknown(floor(x / y));
	case OP_MODULO: return y == 0 ? NAN : or_unknown(lua_modulo(x, y));
	case OP_POWER: return or_unknown(pow(x, y));
	case OP_MIN: return x < y ? x : y;
	case OP_MAX: return x > y ? x : y;
	case OP_NEGATE: return -x;
	case OP_ABS: return fabs(x);
	case OP_FLOOR: return floor(x);
	default: return floor((k - x) / 86400); /* OP_DAYS_SINCE */
	}
}

/* An end of a product: 0 times "no bound" is 0, since what has no bound is still finite. */
static double product(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

static interval span_of(double a, double b, double c, double d) {
	return (interval){fmin(fmin(a, b), fmin(c, d)), fmax(fmax(a, b), fmax(c, d))};
}

static double quotient(double x, double y) { return isinf(y) ? 0 : x / y; }

static interval interval_value(enum op op, interval x, interval y, double k) {
	switch (op) {
	case OP_ADD: return (interval){x.lo + y.lo, x.hi + y.hi};
	case OP_SUBTRACT: return (interval){x.lo - y.hi, x.hi - y.lo};
	case OP_MULTIPLY:
		return span_of(product(x.lo, y.lo), product(x.lo, y.hi), product(x.hi, y.lo), product(x.hi, y.hi));
	case OP_DIVIDE:
		if (y.lo <= 0 && y.hi >= 0)
			return nothing;
		return span_of(quotient(x.lo, y.lo), quotient(x.lo, y.hi), quotient(x.hi, y.lo), quotient(x.hi, y.hi));
	case OP_FLOOR_DIVIDE: {
		interval r = interval_value(OP_DIVIDE, x, y, k);
		return (interval){floor(r.lo), floor(r.hi)};
	}
	case OP_MIN: return (interval){fmin(x.lo, y.lo), fmin(x.hi, y.hi)};
	case OP_MAX: return (interval){fmax(x.lo, y.lo), fmax(x.hi, y.hi)};
	case OP_NEGATE: return (interval){-x.hi, -x.lo};
	case OP_FLOOR: return (interval){floor(x.lo), floor(x.hi)};
	case OP_ABS:
		if (x.lo >= 0)
			return x;
		return (interval){x.hi <= 0 ? -x.hi : 0, fmax(-x.lo, x.hi)};
	case OP_DAYS_SINCE: return (interval){floor((k - x.hi) / 86400), floor((k - x.lo) / 86400)};
	default: return nothing;
	}
}

static double exact_any(enum op op, double x, double y, double k) {
	switch (op) {
	case OP_ADD: return or_unknown(x + y);
	case OP_SUBTRACT: return or_unknown(x - y);
	case OP_MULTIPLY: return or_unknown(x * y);
	case OP_DIVIDE: return y == 0 ? NAN : or_unknown(x / y);
	default: return exact_value(op, x, y, k);
	}
}

static void arithmetic_intervals(const step *st, const reg *x, const reg *y, reg *out, int n) {
	for (int i = 0; i < n; i++) {
		interval a = {x->lo[i], x->hi[i]}, b = {y->lo[i], y->hi[i]}, r = nothing;
		if (a.lo == a.hi && b.lo == b.hi)
			r.lo = r.hi = exact_any(st->op, a.lo, b.lo, st->k);
		else if (a.lo == a.lo && b.lo == b.lo)
			r = interval_value(st->op, a, b, st->k);
		bool broken = r.lo != r.lo || r.hi != r.hi || r.lo == INFINITY || r.hi == -INFINITY;
		out->lo[i] = broken ? NAN : r.lo;
		out->hi[i] = broken ? NAN : r.hi;
	}
}

static void arithmetic(const step *st, const reg *x, const reg *y, reg *out, int n) {
	if (!st->exact) {
		arithmetic_intervals(st, x, y, out, n);
		return;
	}
	switch (st->op) {
	case OP_ADD: add(x->lo, y->lo, n, out->lo); break;
	case OP_SUBTRACT: subtract(x->lo, y->lo, n, out->lo); break;
	case OP_MULTIPLY: multiply(x->lo, y->lo, n, out->lo); break;
	case OP_DIVIDE: divide(x->lo, y->lo, n, out->lo); break;
	default:
		for (int i = 0; i < n; i++)
			out->lo[i] = exact_value(st->op, x->lo[i], y->lo[i], st->k);
	}
}

static void default_number(const step *st, const reg *x, const reg *y, reg *out, int n) {
	for (int i = 0; i < n; i++) {
		bool given = x->lo[i] == x->lo[i];
		double hi = given ? x->hi[i] : y->hi[i];
		out->lo[i] = given ? x->lo[i] : y->lo[i];
		if (!st->exact)
			out->hi[i] = hi;
	}
}

static void among_numbers(const number_set *set, const reg *x, reg *out, int n) {
	memset(out->truth, 0, sizeof(uint64_t) * (size_t)((n + 63) / 64));
	memset(out->unknown, 0, sizeof(uint64_t) * (size_t)((n + 63) / 64));
	for (int i = 0; i < n; i++) {
		bool found = false, possible = x->lo[i] != x->lo[i];
		for (int k = 0; k < set->count; k++) {
			found |= x->lo[i] == set->nums[k] && x->hi[i] == set->nums[k];
			possible |= x->lo[i] <= set->nums[k] && x->hi[i] >= set->nums[k];
		}
		out->truth[i / 64] |= (uint64_t)found << (i % 64);
		out->unknown[i / 64] |= (uint64_t)(possible && !found) << (i % 64);
	}
}

void kernel_numbers(const step *st, const reg *regs, reg *out, int n) {
	const reg *x = &regs[st->a], *y = st->b >= 0 ? &regs[st->b] : x;
	switch (st->op) {
	case OP_FLAG: differ_k(x->lo, 0, n, out->truth, out->unknown); break;
	case OP_NIL: is_missing(x->lo, n, out->truth, out->unknown); break;
	case OP_LT:
	case OP_LE:
	case OP_EQ: compare(st, x, y, out, n); break;
	case OP_LT_K:
	case OP_LE_K:
	case OP_GT_K:
	case OP_GE_K:
	case OP_EQ_K: compare_k(st, x, out, n); break;
	case OP_DEFAULT: default_number(st, x, y, out, n); break;
	case OP_AMONG: among_numbers(st->p, x, out, n); break;
	default: arithmetic(st, x, y, out, n);
	}
}
