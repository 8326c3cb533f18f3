/* captions.c: makes up captions to measure with, and lists of terms to look for in them; the same ones every time.
 *
 *     captions DIR MEGABYTES
 *
 * writes DIR/captions (each one: its language, a TAB, the caption, a NUL) and DIR/terms-2000.txt, terms-second.txt (two
 * thousand others), terms-10000.txt, terms-50000.txt: 60 % words, 30 % phrases, 10 % strings of scripts without spaces.
 *
 * Words are made of syllables (languages.c) and drawn as in life: the word of rank r about 1/r as often as the first. A
 * quarter of the bytes is pure ASCII, a fifth Chinese, Japanese, Korean or mixed. Uses no library of kolander's. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "languages.h"

#define WORD_BITS 15
#define PHRASE_BITS 12
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LONGEST 2200 /* bytes; what platforms allow, about */

typedef struct text {
	const char *p;
	size_t n;
} text;
typedef struct list {
	text items[256];
	size_t count;
} list;

typedef struct voice { /* a language that speaks */
	const language *of;
	list common, heads, cores, tails, endings;
	text words[1 << WORD_BITS];     /* the commonest first */
	text phrases[1 << PHRASE_BITS]; /* of two or three words; none where words are joined */
} voice;

static voice *voices;
static char out[LONGEST * 4];
static size_t len;

static uint64_t state;
static uint64_t draw(void) { /* splitmix64 */
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}
static size_t below(size_t n) { return (size_t)((draw() >> 32) * n >> 32); }
static bool percent(size_t p) { return below(100) < p; }
static double unit(void) { return (double)(draw() >> 11) * 0x1p-53; }

/* A rank below 2^bits: each doubling is as likely as the next, which is Zipf's law in steps. */
static size_t zipf(size_t bits) {
	size_t top = (size_t)1 << below(bits);
	return top - 1 + below(top);
}
/* A word's rank behind the function words, which are the commonest. */
static size_t zipf_word(size_t bits) {
	size_t top = (size_t)32 << below(bits - 5);
	return top - 32 + below(top);
}

static void stop(const char *what) {
	fprintf(stderr, "captions: %s: %s\n", what, strerror(errno));
	exit(3);
}

static text keep(const char *p, size_t n) {
	static char *block;
	static size_t left;
	if (left <= n) {
		left = 1 << 20;
		if (!(block = malloc(left)))
			stop("memory");
	}
	memcpy(block, p, n);
	block[n] = 0;
	text t = {block, n};
	block += n + 1;
	left -= n + 1;
	return t;
}

static void add(text t) {
	if (len + t.n < sizeof out) {
		memcpy(out + len, t.p, t.n);
		len += t.n;
	}
}
static void add_z(const char *z) { add((text){z, strlen(z)}); }
static text any(const list *l) { return l->items[below(l->count)]; }

static void split(list *l, const char *z) {
	for (; *z; z += strspn(z, " ")) {
		size_t n = strcspn(z, " ");
		if (l->count == COUNT(l->items))
			stop("a table is too long");
		l->items[l->count++] = (text){z, *z == '_' ? 0 : n};
		z += n;
	}
}

static void add_character(uint32_t c) { /* above U+07FF */
	char b[4] = {(char)(0xF0 | c >> 18), (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
	             (char)(0x80 | (c & 63))};
	if (c < 0x10000)
		b[1] = (char)(0xE0 | c >> 12);
	add((text){c < 0x10000 ? b + 1 : b, c < 0x10000 ? 3 : 4});
}

/* A word that nobody may have used before. Rare words are longer, and rare ideographs stand in them. */
static void add_new_word(const voice *v, size_t rank) {
	size_t most = (size_t)v->of->most_syllables, syllables = 1 + below(rank < 4000 && most > 2 ? most - 1 : most);
	if (syllables == 1 && most > 1 && rank > 300)
		syllables = 2;
	bool han = v->of->cjk && v->of->joined;
	for (size_t i = 0; i < syllables; i++) {
		if (han && rank > 2000 && percent(15))
			add_character((uint32_t)(0x4E00 + below(0x4000)));
		else
			add(any(&v->heads));
		if (v->cores.count)
			add(any(&v->cores));
		if (v->tails.count && percent((size_t)v->of->tail_percent / (i + 1 < syllables ? 3 : 1)))
			add(any(&v->tails));
	}
	if (v->endings.count && percent(v->of->cjk ? 50 : syllables < most ? 30 : 10))
		add(any(&v->endings));
}

static text taken(size_t from) {
	text t = keep(out + from, len - from);
	len = from;
	return t;
}

static void make_voice(voice *v, const language *l) {
	v->of = l;
	split(&v->common, l->common);
	split(&v->heads, l->heads);
	split(&v->cores, l->cores);
	split(&v->tails, l->tails);
	split(&v->endings, l->endings);
	for (size_t i = 0; i < COUNT(v->words); i++) {
		add_new_word(v, i);
		v->words[i] = taken(0);
	}
	for (size_t i = 0; i < COUNT(v->phrases) && !l->joined; i++) {
		size_t words = 2 + below(2), rare = below(words); /* one of the words is no function word */
		for (size_t w = 0; w < words; w++) {
			if (w)
				add_z(" ");
			add(w != rare && percent(60) ? v->common.items[zipf(4)] : v->words[zipf_word(WORD_BITS)]);
		}
		v->phrases[i] = taken(0);
	}
}

/* The letter at p as a capital, where that is a matter of arithmetic. */
static void capital(char *p) {
	unsigned char a = (unsigned char)p[0], b = (unsigned char)p[1];
	if (a >= 'a' && a <= 'z')
		p[0] = (char)(a - 32);
	else if (a == 0xC3 && b >= 0xA0 && b != 0xB7 && b != 0xBF)
		p[1] = (char)(b - 32);
	else if (a == 0xD0 && b >= 0xB0)
		p[1] = (char)(b - 32);
	else if (a == 0xD1 && b < 0x90)
		p[0] = (char)0xD0, p[1] = (char)(b + 32);
}
static void shout(size_t from) {
	out[len] = 0;
	for (size_t i = from; i < len; i++)
		if (((unsigned char)out[i] & 0xC0) != 0x80)
			capital(out + i);
}

static void add_number(void) {
	char number[24];
	static const char *const shapes[] = {"%zu", "%zu%%", "$%zu", "%zu.5", "2%03zu", "%zux", "%zu:30"};
	snprintf(number, sizeof number, shapes[below(COUNT(shapes))], 1 + below(percent(70) ? 12 : 999));
	add_z(number);
}

typedef struct dress { /* how a caption is written */
	bool ascii, curly, shouting;
} dress;

static void add_word(const voice *v, dress how, bool first) {
	size_t from = len, kind = below(100);
	if (kind < 2)
		add_number();
	else if (kind < 4)
		add_new_word(v, 1000);
	else if (kind < 5 && v->phrases[0].p)
		add(v->phrases[zipf(PHRASE_BITS)]);
	else if (kind < 50)
		add(v->common.items[zipf(6) % v->common.count]);
	else
		add(v->words[zipf_word(WORD_BITS)]);
	if (how.shouting || (kind == 99 && below(3) == 0))
		shout(from);
	else if (first) {
		out[len] = 0;
		capital(out + from);
	}
	if (how.curly)
		for (char *q; (q = memchr(out + from, '\'', len - from));) {
			text rest = keep(q + 1, (size_t)(out + len - q - 1));
			len = (size_t)(q - out);
			add_z("’");
			add(rest);
		}
}

static void add_sentence(const voice *v, const voice *guest, dress how) {
	size_t words = 3 + below(v->of->joined ? 9 : 14);
	bool quoted = percent(4) && !v->of->joined;
	for (size_t i = 0; i < words; i++) {
		if (quoted && i == 1)
			add_z(how.ascii ? "\"" : "“");
		add_word(guest && percent(25) ? guest : v, how, i == 0);
		if (quoted && i == 2)
			add_z(how.ascii ? "\"" : "”");
		if (i + 1 < words)
			add_z(percent(6) ? v->of->commas : v->of->joined ? "" : " ");
	}
	size_t end = below(100);
	add_z(end < 20   ? (v->of->joined && v->of->cjk ? "！" : "!")
	      : end < 28 ? "?"
	      : end < 36 ? (how.ascii ? "..." : "…")
	                 : v->of->full);
	if (!how.ascii && percent(25)) {
		add_z(v->of->joined ? "" : " ");
		const char *face = emoji[zipf(5) % (size_t)emoji_count];
		for (size_t n = percent(20) ? 3 : 1; n > 0; n--)
			add_z(face);
	}
	add_z(percent(16) ? (percent(50) ? "\n\n" : "\n") : v->of->joined && v->of->cjk ? "" : " ");
}

static void add_handle(const voice *v) { /* handles are Latin */
	add(v->words[zipf_word(WORD_BITS)]);
	add_z(percent(50) ? "." : "_");
	add(v->words[zipf_word(WORD_BITS)]);
}

static void add_link(const voice *latin) {
	char tail[16];
	snprintf(tail, sizeof tail, "%07x", (unsigned)(draw() & 0xFFFFFFF));
	add_z(percent(40) ? "bit.ly/" : "https://www.");
	if (out[len - 1] == '.') {
		add(latin->words[zipf_word(WORD_BITS)]);
		add_z(".example/shop?utm_source=ig&id=");
	}
	add_z(tail);
}

/* What makes folding work for its living. */
static const char *const oddities[] = {
    "½ price", "ｓａｌｅ",   "№1",       "Brisk™", "cafe\u0301", "a\u00a0bit", "fr33",  "l i n k",
    "#аd",     "so\u200bft", "x² + y",   "①②③",    "ﬁnally",     "naïve—no",   "«oui»", "A\u030angstro\u0308m",
    "ﾊﾝｶｸ",    "𝓼𝓽𝔂𝓵𝓮",      "𝗻𝗲𝘄 𝗽𝗼𝘀𝘁", "ᴍᴜꜱɪᴄ",  "\n\u2800\n", "\n.\n.\n",   "•",     "re\u00adady"};

static void add_extras(const voice *v, const voice *latin, dress how) {
	if (!how.ascii && percent(4)) {
		add_z(" ");
		add_z(oddities[below(COUNT(oddities))]);
		add_z(" ");
	}
	if (percent(2)) {
		add_z(v->of->ad ? v->of->ad : latin->of->ad);
		add_z("\n");
	}
	if (percent(30)) {
		add_z("@");
		add_handle(latin);
		add_z(" ");
	}
	if (percent(6))
		add_link(latin);
	size_t count = percent(45) ? 0 : percent(70) ? 1 + below(5) : 5 + below(12);
	if (count && percent(50))
		add_z("\n");
	for (size_t i = 0; i < count; i++) {
		add_z(i ? " #" : "#");
		if (percent(35))
			add_z(tags[zipf(5) % (size_t)tag_count]);
		else {
			add(v->words[zipf_word(12)]);
			if (percent(40))
				add(v->words[zipf_word(12)]);
		}
	}
}

static double bell(void) { return (unit() + unit() + unit() + unit() + unit() + unit() - 3) * 1.414; }

/* Bytes: short ones as on TikTok, longer ones as on Instagram, descriptions as on YouTube. */
static size_t length_of_next(void) {
	size_t kind = below(100);
	double n = kind < 40 ? 70 * exp(0.7 * bell()) : kind < 88 ? 150 * exp(1.0 * bell()) : 420 * exp(0.9 * bell());
	return n > LONGEST ? LONGEST : (size_t)n;
}

static bool is_ascii(void) {
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)out[i] >= 0x80)
			return false;
	return true;
}

enum { KIND_MIXED = 64, KIND_ASCII, KIND_COUNT };
static size_t shares[KIND_COUNT], made[KIND_COUNT], bytes_made[KIND_COUNT];

/* A kind that is due: shares are of bytes, and some kinds run longer than others. */
static size_t next_kind(void) {
	double weight[KIND_COUNT], sum = 0;
	for (size_t k = 0; k < KIND_COUNT; k++)
		sum += weight[k] = shares[k] ? (double)shares[k] * (double)(made[k] + 1) / (double)(bytes_made[k] + 250) : 0;
	double at = unit() * sum;
	for (size_t k = 0; k < KIND_COUNT; k++)
		if ((at -= weight[k]) < 0)
			return k;
	return KIND_ASCII;
}

static const voice *voice_of(const char *tag) {
	for (int i = 0; i < language_count; i++)
		if (!strcmp(voices[i].of->tag, tag))
			return voices + i;
	abort();
}

static const char *make_caption(void) {
	size_t kind = next_kind(), length = length_of_next();
	const voice *english = voice_of("en"), *v = english, *guest = NULL;
	dress how = {kind == KIND_ASCII, kind != KIND_ASCII && percent(60), percent(2)};
	if (kind == KIND_ASCII)
		v = percent(85) ? english : voice_of("id");
	else if (kind == KIND_MIXED) {
		static const char *const hosts[] = {"zh-Hans", "ja", "ko", "zh-Hant"};
		v = voice_of(hosts[below(COUNT(hosts))]);
		guest = english;
	} else
		v = voices + kind;
	len = 0;
	do
		add_sentence(v, guest, how);
	while (len < length);
	add_extras(v, english, how);
	if (!how.ascii && is_ascii())
		add_z(emoji[zipf(5) % (size_t)emoji_count]);
	while (len && (out[len - 1] == ' ' || out[len - 1] == '\n'))
		len--;
	made[kind]++;
	bytes_made[kind] += len;
	return v->of->tag;
}

static void write_captions(const char *path, size_t bytes) {
	FILE *f = fopen(path, "wb");
	if (!f)
		stop(path);
	size_t total = 0, count = 0, ascii = 0, cjk = 0;
	while (total < bytes) {
		const char *tag = make_caption();
		total += len;
		count++;
		if (fprintf(f, "%s\t", tag) < 0 || fwrite(out, 1, len, f) != len || putc(0, f) == EOF)
			stop(path);
	}
	if (fclose(f))
		stop(path);
	ascii = bytes_made[KIND_ASCII];
	cjk = bytes_made[KIND_MIXED];
	for (int i = 0; i < language_count; i++)
		cjk += voices[i].of->cjk ? bytes_made[i] : 0;
	printf("%zu captions, %.0f MB, %zu bytes each; pure ASCII %.1f %%, CJK or mixed %.1f %%\n", count,
	       (double)total / 1e6, total / count, 100.0 * (double)ascii / (double)total,
	       100.0 * (double)cjk / (double)total);
}

/* A language by its share, ASCII's quarter counted in. */
static const voice *speaker(void) {
	for (size_t at = below(77);;) {
		for (int i = 0; i < language_count; i++) {
			size_t share = !strcmp(voices[i].of->tag, "en")   ? 36
			               : !strcmp(voices[i].of->tag, "id") ? 4
			                                                  : (size_t)voices[i].of->share;
			if (at < share)
				return voices + i;
			at -= share;
		}
	}
}

/* common_percent: of its words are common ones; the others begin at rank `rare`. */
static text make_term(size_t kind, size_t common_percent, size_t rare) {
	const voice *v;
	if (kind >= 90) { /* a string of two characters at least */
		do
			v = speaker();
		while (!v->of->cjk && !v->of->joined);
		text t;
		do
			t = v->words[(percent(common_percent) ? 100 : rare) + below(percent(50) ? 1000 : 28000)];
		while (t.n < 6);
		return t;
	}
	do
		v = speaker();
	while (v->of->cjk || v->of->joined);
	if (kind >= 60)
		return v->phrases[below(COUNT(v->phrases))];
	if (percent(10)) { /* one that nobody wrote, perhaps */
		len = 0;
		add_new_word(v, 30000);
		return taken(0);
	}
	text t;
	do
		t = v->words[percent(common_percent) ? 300 + below(1200) : rare + below(COUNT(v->words) - rare)];
	while (t.n < 3);
	return t;
}

static int by_bytes(const void *a, const void *b) { return strcmp(((const text *)a)->p, ((const text *)b)->p); }

static void write_terms(const char *directory, const char *name, uint64_t seed, size_t count, size_t common_percent,
                        size_t rare) {
	char path[4096];
	snprintf(path, sizeof path, "%s/terms-%s.txt", directory, name);
	text *terms = malloc(count * sizeof *terms);
	FILE *f = fopen(path, "wb");
	if (!terms || !f)
		stop(path);
	state = seed;
	for (size_t have = 0; have < count;) {
		for (size_t i = have; i < count; i++)
			terms[i] = make_term(i * 37 % 100, common_percent, rare);
		qsort(terms, count, sizeof *terms, by_bytes);
		have = 0;
		for (size_t i = 0; i < count; i++)
			if (have == 0 || strcmp(terms[i].p, terms[have - 1].p))
				terms[have++] = terms[i];
	}
	for (size_t i = 0; i < count; i++)
		fprintf(f, "%s\n", terms[i].p);
	if (fclose(f))
		stop(path);
	free(terms);
}

int main(int argc, char **argv) {
	size_t megabytes = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	if (!megabytes) {
		fprintf(stderr, "usage: captions DIR MEGABYTES\n");
		return 2;
	}
	if (mkdir(argv[1], 0777) && errno != EEXIST)
		stop(argv[1]);
	voices = calloc((size_t)language_count, sizeof *voices);
	if (!voices)
		stop("memory");
	state = 3;
	for (int i = 0; i < language_count; i++) {
		make_voice(voices + i, languages + i);
		shares[i] = (size_t)languages[i].share;
	}
	shares[KIND_MIXED] = 3;
	shares[KIND_ASCII] = 25;
	write_terms(argv[1], "2000", 11, 2000, 5, 1500);
	write_terms(argv[1], "second", 12, 2000, 5, 1500);
	write_terms(argv[1], "10000", 13, 10000, 1, 4500);
	write_terms(argv[1], "50000", 14, 50000, 1, 4500);
	char path[4096];
	snprintf(path, sizeof path, "%s/captions", argv[1]);
	state = 15;
	write_captions(path, megabytes * 1000000);
	return 0;
}
