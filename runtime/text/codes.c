/* codes.c: discount codes in a text. A code is written in capitals or with digits, and something near says that it is
 * one: "code BRISK20", "BRISK20 for 20% off", 优惠码BRISK20. Reads the folded text for the words around and the
 * original for how the code is written. Called by spans.c. */
#include <ctype.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "text/spans_parts.h"

#define CODE_LEAST 3
#define CODE_MOST 20
#define GAP_MOST 24  /* bytes of quotes, colons, emoji between a word and the code */
#define BACK_WORDS 7 /* "my code for the whole shop is BRISK20" */
#define NEAR 64      /* bytes in which a discount is named */

/* What announces a code. */
enum cue { CUE_NONE, CUE_WEAK /* "code", that is also said of areas, dress and programs */, CUE_STRONG };

typedef struct cue_word {
	const char *text; /* folded; words parted by one space */
	enum cue strength;
	bool ends; /* may carry an ending: Turkish kodu, Russian промокодом */
} cue_word;

static const cue_word cues[] = {
    {"code", CUE_WEAK, false},
    {"codes", CUE_WEAK, false},
    {"discount", CUE_WEAK, false},
    {"kod", CUE_WEAK, false},
    {"kodu", CUE_WEAK, false},
    {"kodum", CUE_WEAK, false},
    {"kodumla", CUE_WEAK, false},
    {"kodumu", CUE_WEAK, false},
    {"koduyla", CUE_WEAK, false},
    {"kodunu", CUE_WEAK, false},
    {"kodem", CUE_WEAK, false},
    {"koden", CUE_WEAK, false},
    {"код", CUE_WEAK, false},
    {"кодом", CUE_WEAK, false},
    {"коду", CUE_WEAK, false},
    {"codice", CUE_WEAK, false},
    {"código", CUE_WEAK, false},
    {"codigo", CUE_WEAK, false},
    {"codi", CUE_WEAK, false},
    {"kode", CUE_WEAK, false},
    {"koodi", CUE_WEAK, true},
    {"코드", CUE_WEAK, false},
    {"コード", CUE_WEAK, false},
    {"โค้ด", CUE_WEAK, false},
    {"كود", CUE_WEAK, false},
    {"کد", CUE_WEAK, false},
    {"कोड", CUE_WEAK, false},
    {"קוד", CUE_WEAK, false},
    {"κωδικός", CUE_WEAK, false},
    {"mã", CUE_WEAK, false},
    {"coupon", CUE_STRONG, true},
    {"voucher", CUE_STRONG, true},
    {"promocode", CUE_STRONG, true},
    {"promokod", CUE_STRONG, true},
    {"promo", CUE_WEAK, false},
    {"discountcode", CUE_STRONG, false},
    {"gutschein", CUE_STRONG, true},
    {"rabattcode", CUE_STRONG, true},
    {"rabattkod", CUE_STRONG, true},
    {"rabatkode", CUE_STRONG, true},
    {"aktionscode", CUE_STRONG, true},
    {"vorteilscode", CUE_STRONG, true},
    {"code promo", CUE_STRONG, false},
    {"code promotionnel", CUE_STRONG, false},
    {"code de réduction", CUE_STRONG, false},
    {"code réduction", CUE_STRONG, false},
    {"code avantage", CUE_STRONG, false},
    {"code parrain", CUE_STRONG, false},
    {"codice sconto", CUE_STRONG, false},
    {"codice promo", CUE_STRONG, false},
    {"codice promozionale", CUE_STRONG, false},
    {"código de descuento", CUE_STRONG, false},
    {"codigo de descuento", CUE_STRONG, false},
    {"código descuento", CUE_STRONG, false},
    {"código promocional", CUE_STRONG, false},
    {"código de desconto", CUE_STRONG, false},
    {"cupom", CUE_STRONG, false},
    {"cupom de desconto", CUE_STRONG, false},
    {"cupón", CUE_STRONG, false},
    {"cupon", CUE_STRONG, false},
    {"cupón de descuento", CUE_STRONG, false},
    {"kortingscode", CUE_STRONG, false},
    {"actiecode", CUE_STRONG, false},
    {"indirim kod", CUE_STRONG, true},
    {"kupon", CUE_STRONG, true},
    {"kod rabatow", CUE_STRONG, true},
    {"kod promocyjny", CUE_STRONG, false},
    {"alennuskoodi", CUE_STRONG, true},
    {"промокод", CUE_STRONG, true},
    {"купон", CUE_STRONG, true},
    {"знижк", CUE_STRONG, true},
    {"优惠码", CUE_STRONG, false},
    {"折扣码", CUE_STRONG, false},
    {"优惠券", CUE_STRONG, false},
    {"优惠代码", CUE_STRONG, false},
    {"折扣代码", CUE_STRONG, false},
    {"邀请码", CUE_STRONG, false},
    {"兑换码", CUE_STRONG, false},
    {"专属码", CUE_STRONG, false},
    {"口令", CUE_STRONG, false},
    {"優惠碼", CUE_STRONG, false},
    {"折扣碼", CUE_STRONG, false},
    {"優惠代碼", CUE_STRONG, false},
    {"推薦碼", CUE_STRONG, false},
    {"クーポン", CUE_STRONG, false},
    {"クーポンコード", CUE_STRONG, false},
    {"割引コード", CUE_STRONG, false},
    {"プロモコード", CUE_STRONG, false},
    {"紹介コード", CUE_STRONG, false},
    {"招待コード", CUE_STRONG, false},
    {"할인코드", CUE_STRONG, false},
    {"할인 코드", CUE_STRONG, false},
    {"쿠폰", CUE_STRONG, false},
    {"쿠폰코드", CUE_STRONG, false},
    {"쿠폰 코드", CUE_STRONG, false},
    {"프로모션 코드", CUE_STRONG, false},
    {"โค้ดส่วนลด", CUE_STRONG, false},
    {"โค้ดลด", CUE_STRONG, false},
    {"รหัสส่วนลด", CUE_STRONG, false},
    {"كود خصم", CUE_STRONG, false},
    {"كود الخصم", CUE_STRONG, false},
    {"كوبون", CUE_STRONG, false},
    {"کد تخفیف", CUE_STRONG, false},
    {"कूपन", CUE_STRONG, false},
    {"कूपन कोड", CUE_STRONG, false},
    {"קוד קופון", CUE_STRONG, false},
    {"mã giảm giá", CUE_STRONG, false},
};

/* A weak cue behind one of these announces something else; so does one of these where the code should stand. */
static const char other_codes[] =
    " area zip post postal postcode country dial dialing dialling qr bar dress error status source color colour hex "
    "product item style article model building gate door entry security pin penal civil civic morse cheat tax "
    "verification room wifi http css html java python http vba sql vin hs icd tracking order flight airline open no "
    "low "
    "clean legacy machine genetic moral honor honour secret to i we they who can you should ";
static const char no_code[] =
    " qr review reviews red blue black white green of for is are and or in on at to the with by my your our this that "
    "below above here now down link links code codes coupon coupons promo discount discounts off sale save new use get "
    "shop all only free bio today ends until plus from out you will can not no yes der die das und ist im mit le la "
    "les "
    "et de du en el los las il per con html5 css3 covid19 spf30 spf50 2nd 1st 3rd word geass vein veronica freeze "
    "name ";
static const char use_words[] =
    " use using enter with apply type add grab try mit nutzt nutze nutz verwende avec utilise utilisez con usa usate "
    "usando usen com use met gebruik med använd bruk ile с по используй используйте używając z wpisz استخدم استخدموا "
    "استخدمي gunakan pakai dùng nhập ";
static const char own_words[] = " my our mein meinem meinen unser unserem mon mio mi meu mijn min mój moim мой моему ";
static const char then_words[] =
    " for at to pour für fürs para per voor för gives gets saves takes knocks bekommt spart ile ";
static const char articles[] = " the a an this that these my our new der die das le la les el los las il lo ";
static const char links_words[] =
    " is are ist lautet sind est es è é e sono son são jest är er on to this dir adalah là ";
static const char *const discounts[] = {
    "%",      "discount",  " off",     "save",    "checkout", "rabatt", "sparen",  "spart",     "sparst",       "kasse",
    "sconto", "descuento", "desconto", "korting", "indirim",  "скидк",  "rabais",  "réduction", "remise",       "zniżk",
    "rabat",  "знижк",     "折",       "立减",    "优惠",     "優惠",   "減",      "割引",      "オフ",         "할인",
    "ส่วนลด",  "خصم",       "تخفیف",    "छूट",      "diskon",   "giảm",   "alennus", "gratis",    "free shipping"};
static const char *const use_spaceless[] = {"输入", "输", "使用", "輸入", "用", "入力", "입력", "ใช้", "กรอก"};

typedef struct place {
	size_t start, end; /* folded bytes */
} place;

static bool in_list(const folded *f, place w, const char *list) {
	char padded[40];
	size_t n = w.end - w.start;
	if (n == 0 || n + 3 > sizeof padded)
		return false;
	padded[0] = ' ';
	memcpy(padded + 1, f->p + w.start, n);
	padded[n + 1] = ' ';
	padded[n + 2] = 0;
	return strstr(list, padded) != NULL;
}

static bool stop_byte(char c) { return c == '.' || c == '!' || c == '?' || c == ';'; }

/* Where the letters end that stand before `at`, with a gap between in which no sentence ends; SIZE_MAX: none. */
static size_t gap_before(const folded *f, size_t at) {
	size_t i = at;
	while (i > 0 && !letter_at(f, i - 1)) {
		if (at - i == GAP_MOST || stop_byte(f->p[i - 1]))
			return SIZE_MAX;
		i--;
	}
	return i ? i : SIZE_MAX;
}

static size_t gap_behind(const folded *f, size_t at) {
	size_t i = at;
	while (i < f->n && !letter_at(f, i)) {
		if (i - at == GAP_MOST || stop_byte(f->p[i]))
			return SIZE_MAX;
		i++;
	}
	return i < f->n ? i : SIZE_MAX;
}

static place word_ending(const folded *f, size_t end) {
	size_t start = end;
	while (start > 0 && end - start < GAP_MOST && word_at(f, start - 1))
		start--;
	return (place){start, end};
}

static place word_beginning(const folded *f, size_t start) {
	size_t end = start;
	while (end - start < GAP_MOST && word_at(f, end))
		end++;
	return (place){start, end};
}

/* Is byte i the first of a word, where `script_changes` counts too? */
static bool begins_word(const folded *f, size_t i) {
	return i == 0 || !word_at(f, i) || !word_at(f, i - 1) || fold_bit(f->edges, i);
}

/* The cue that ends at `end` (with its ending), the longest; *start: where it begins. */
static enum cue cue_ending(const folded *f, size_t end, size_t *start) {
	enum cue found = CUE_NONE;
	size_t longest = 0;
	place word = word_ending(f, end);
	for (size_t k = 0; k < sizeof cues / sizeof *cues; k++) {
		size_t n = strlen(cues[k].text);
		if (n <= longest)
			continue;
		size_t at = end >= n && memcmp(f->p + end - n, cues[k].text, n) == 0 ? end - n : SIZE_MAX;
		if (at == SIZE_MAX && cues[k].ends) { /* the stem is the word's beginning, or ends with it */
			const char *space = strrchr(cues[k].text, ' ');
			size_t before = space ? (size_t)(space + 1 - cues[k].text) : 0;
			if (word.start >= before && word.start - before + n <= end &&
			    memcmp(f->p + word.start - before, cues[k].text, n) == 0 && word.end - word.start <= n - before + 6)
				at = word.start - before;
		}
		if (at == SIZE_MAX || !begins_word(f, at))
			continue;
		/* Bare コード and 코드 are ends of many words. */
		if (cues[k].strength == CUE_WEAK && at > 0 && fold_bit(f->spaceless, at) && fold_bit(f->spaceless, at - 1) &&
		    !strchr("\xE0", cues[k].text[0]))
			continue;
		found = cues[k].strength;
		longest = n;
		*start = at;
	}
	return found;
}

/* The cue that begins at `start`. */
static enum cue cue_beginning(const folded *f, size_t start) {
	enum cue found = CUE_NONE;
	size_t longest = 0;
	for (size_t k = 0; k < sizeof cues / sizeof *cues; k++) {
		size_t n = strlen(cues[k].text);
		if (n <= longest || f->n - start < n || memcmp(f->p + start, cues[k].text, n) != 0)
			continue;
		if (!cues[k].ends && word_at(f, start) && word_at(f, start + n) && !fold_bit(f->edges, start + n))
			continue;
		found = cues[k].strength;
		longest = n;
	}
	return found;
}

/* How a candidate is written. */
typedef struct writing {
	bool capitals; /* no small letter in the original, at least three letters */
	bool digits;
	bool letters;
	size_t length; /* characters */
} writing;

static writing how_written(str o) {
	writing w = {0};
	size_t letters = 0;
	bool small = false;
	for (size_t i = 0; i < o.n; w.length++) {
		uint32_t c;
		i += utf8_decode(o.p + i, o.n - i, &c);
		utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
		w.digits |= c >= '0' && c <= '9';
		small |= k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LO;
		letters += k == UTF8PROC_CATEGORY_LU;
	}
	w.letters = letters || small;
	w.capitals = !small && (letters >= 3 || (letters && w.digits));
	return w;
}

static str original(const folded *f, place p) {
	size_t start = fold_original_start(f, p.start), end = fold_original_end(f, p.end);
	return (str){f->original.p + start, end - start};
}

static bool shouted(const folded *f, place w) {
	writing how = how_written(original(f, w));
	return how.capitals || (how.letters && w.end - w.start < 3 && isupper((unsigned char)*original(f, w).p));
}

static bool holds(const char *p, size_t n, const char *z) { return memmem(p, n, z, strlen(z)) != NULL; }

/* Is a discount named within NEAR bytes of the candidate? */
static bool discount_near(const folded *f, place c) {
	size_t start = c.start > NEAR ? c.start - NEAR : 0, end = f->n - c.end > NEAR ? c.end + NEAR : f->n;
	for (size_t i = 0; i < sizeof discounts / sizeof *discounts; i++)
		if (holds(f->p + start, c.start - start, discounts[i]) || holds(f->p + c.end, end - c.end, discounts[i]))
			return true;
	return false;
}

static bool marked(const folded *f, size_t start, size_t end) { /* more than a space in the gap */
	for (size_t i = start; i < end; i++)
		if (f->p[i] != ' ' && f->p[i] != '-' && f->p[i] != '\n')
			return true;
	return false;
}

/* Does a weak cue mean a discount code? Digits say so; capitals alone need somebody who uses it, a sign or a discount.
 */
static bool weak_holds(const folded *f, place cue, place c, writing w, bool sign) {
	size_t end = gap_before(f, cue.start);
	place before = end == SIZE_MAX ? (place){0, 0} : word_ending(f, end);
	if (before.end > before.start && in_list(f, before, other_codes))
		return false;
	if (w.digits || sign || discount_near(f, c))
		return true;
	return !shouted(f, cue) && before.end > before.start &&
	       (in_list(f, before, use_words) || in_list(f, before, own_words));
}

/* The announcement before the candidate: "code X", "code: X", "code for everything is X". */
static bool announced(const folded *f, place c, writing w) {
	size_t end = gap_before(f, c.start), start;
	if (end == SIZE_MAX)
		return false;
	enum cue cue = cue_ending(f, end, &start);
	bool sign = marked(f, end, c.start);
	if (cue == CUE_STRONG)
		return w.digits || sign || !shouted(f, (place){start, end}) || discount_near(f, c);
	if (cue == CUE_WEAK)
		return weak_holds(f, (place){start, end}, c, w, sign);
	bool colon = memchr(f->p + end, ':', c.start - end) != NULL;
	place word = word_ending(f, end);
	if (!colon && !in_list(f, word, links_words))
		return false;
	for (int back = 0; back < BACK_WORDS; back++) {
		if (word.start == word.end || (end = gap_before(f, word.start)) == SIZE_MAX)
			return false;
		cue = cue_ending(f, end, &start);
		if (cue)
			return cue == CUE_STRONG || weak_holds(f, (place){start, end}, c, w, colon);
		word = word_ending(f, end);
	}
	return false;
}

/* "LENA20 code", "LENA20 kodu ile", 「LENA20」のクーポン */
static bool named_behind(const folded *f, place c, writing w) {
	size_t next = gap_behind(f, c.end);
	if (next == SIZE_MAX || !w.capitals)
		return false;
	enum cue cue = cue_beginning(f, next);
	size_t no = strlen("の");
	if (!cue && f->n - next > no && memcmp(f->p + next, "の", no) == 0)
		cue = cue_beginning(f, next + no);
	return cue && w.digits && (cue == CUE_STRONG || !marked(f, c.end, next));
}

static bool begins_with(const folded *f, size_t i, const char *z) {
	size_t n = strlen(z);
	return f->n - i >= n && memcmp(f->p + i, z, n) == 0;
}

/* LENA20: 20% off; LENA20 (−20 %) */
static bool percent_behind(const folded *f, place c, size_t next) {
	size_t i = next;
	while (i < f->n && fold_bit(f->digits, i))
		i++;
	return i > next && marked(f, c.end, next) && (f->p[i] == '%' || (f->p[i] == ' ' && f->p[i + 1] == '%'));
}

/* "use LENA20 for 20% off", "mit LENA20 spart ihr 20 %" */
static bool offered(const folded *f, place c, writing w) {
	if (!w.capitals || !discount_near(f, c))
		return false;
	size_t end = gap_before(f, c.start), next = gap_behind(f, c.end);
	place before = end == SIZE_MAX ? (place){0, 0} : word_ending(f, end);
	place behind = next == SIZE_MAX ? (place){0, 0} : word_beginning(f, next);
	bool used = before.end > before.start && in_list(f, before, use_words) && !shouted(f, before);
	for (size_t i = 0; end != SIZE_MAX && !used && i < sizeof use_spaceless / sizeof *use_spaceless; i++) {
		size_t n = strlen(use_spaceless[i]);
		used = end >= n && memcmp(f->p + end - n, use_spaceless[i], n) == 0;
	}
	bool then = next != SIZE_MAX && ((behind.end > behind.start && in_list(f, behind, then_words)) ||
	                                 (w.digits && percent_behind(f, c, next)));
	for (size_t i = 0; next != SIZE_MAX && !then && i < sizeof use_spaceless / sizeof *use_spaceless; i++)
		then = begins_with(f, next, use_spaceless[i]) ||
		       (begins_with(f, next, "を") && begins_with(f, next + 3, use_spaceless[i]));
	if (!w.digits)
		return used && then;
	size_t letters = 0;
	for (size_t i = c.start; i < c.end; i++)
		letters += !fold_bit(f->digits, i);
	bool article = before.end > before.start && in_list(f, before, articles);
	return letters >= 3 && !article && (used || then);
}

/* "codes LENA10, LENA20 and LENA30": the last one found goes on. */
static bool goes_on(const folded *f, size_t last, place c, writing w) {
	if (last == SIZE_MAX || !w.capitals || !w.digits || c.start - last > 8)
		return false;
	static const char *const joints[] = {" ", "and", "or", "und", "oder", "et", "ou",
	                                     "y", "o",   "e",  "/",   ",",    "&",  "+"};
	for (size_t i = last; i < c.start;) {
		size_t n = 0;
		for (size_t k = 0; k < sizeof joints / sizeof *joints && !n; k++)
			if (strncmp(f->p + i, joints[k], strlen(joints[k])) == 0)
				n = strlen(joints[k]);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

/* LENA-20 is one code; "LENA-20%" and "LENA20-Rabatt" are not. */
static size_t joined_end(const folded *f, size_t end) {
	if (end + 1 >= f->n || (f->p[end] != '-' && f->p[end] != '_') || !word_at(f, end + 1))
		return end;
	place more = word_beginning(f, end + 1);
	bool plain = more.end < f->n && (f->p[more.end] == '%' || (f->p[more.end] == ' ' && f->p[more.end + 1] == '%'));
	writing w = how_written(original(f, more));
	return !plain && (w.capitals || (w.digits && !w.letters)) ? more.end : end;
}

static bool is_code(const folded *f, place c, size_t last) {
	writing w = how_written(original(f, c));
	if (w.length < CODE_LEAST || w.length > CODE_MOST || !w.letters || !(w.capitals || w.digits))
		return false;
	if (in_list(f, c, no_code) || (c.start > 0 && strchr("#@/._", f->p[c.start - 1])))
		return false;
	return announced(f, c, w) || named_behind(f, c, w) || offered(f, c, w) || goes_on(f, last, c, w);
}

static bool add_code(const folded *f, place c, arena *a, text_spans *out) {
	char text[4 * CODE_MOST + 1];
	size_t n = 0;
	for (size_t i = c.start; i < c.end && n + 4 < sizeof text;) {
		uint32_t u;
		i += utf8_decode(f->p + i, c.end - i, &u);
		n += utf8_encode((uint32_t)utf8proc_toupper((utf8proc_int32_t)u), text + n);
	}
	return span_keep(a, out, SPAN_CODE, fold_original_start(f, c.start), fold_original_end(f, c.end), (str){text, n});
}

bool codes_find(const folded *f, arena *a, text_spans *out) {
	size_t last = SIZE_MAX;
	for (size_t i = 0; i < f->n;) {
		if (!word_at(f, i)) {
			i++;
			continue;
		}
		size_t end = i + 1;
		while (word_at(f, end) && !fold_bit(f->edges, end))
			end++;
		place c = {i, end};
		if (end - i <= 4 * CODE_MOST)
			c.end = joined_end(f, end);
		if (end - i <= 4 * CODE_MOST && is_code(f, c, last)) {
			if (!add_code(f, c, a, out))
				return false;
			last = end = c.end;
		}
		i = end;
	}
	return true;
}
