/* reader_test.c: a pattern runs only where one of the literals that it must hold was found. The slow twin runs every
 * pattern on every text: both must say the same, on texts made of what patterns look for and of what disturbs folding.
 * KOLANDER_TEXTS: how many texts (30,000). */
#include <stdio.h>
#include <stdlib.h>

#include "text/reader.h"

static uint64_t seed = 88172645463325252u;

static unsigned draw(unsigned n) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static const char *const patterns[] = {"(?i)\\bpaid partnership with @?\\w+",
                                       "(?i)#(?:advert|anzeige)\\b",
                                       "(?i)\\b(?:use|with) (?:my )?code:?\\s+[A-Z0-9]{4,}",
                                       "sponsor(?:ed|ship)?",
                                       "(?i)\\blink in (?:my )?bio\\b",
                                       "(?i)\\breklam\\b|\\biş ?birliği\\b",
                                       "(?i)\\bреклама\\b|\\berid:\\s*\\w+",
                                       "广告|商务合作|赞助",
                                       "プロモーション|タイアップ",
                                       "협찬|유료 ?광고",
                                       "إعلان مدفوع|شراكة",
                                       "प्रायोजित|विज्ञापन",
                                       "(?i)\\b[\\w.+-]+@[\\w-]+\\.(?:com|example)\\b",
                                       "(?i)(?:whatsapp|t\\.me)[\\s:/]+\\+?\\d[\\d\\s-]{3,}",
                                       "(?i)straße",
                                       "โฆษณ|ส่วนลด",
                                       "कोड",
                                       "할인",
                                       "(?i)\\bkelvin\\b",
                                       "caf[eé]",
                                       "(?i)\\bbrisk\\b",
                                       "(?<=my )own\\s+shop(?!\\w)"};
#define PATTERNS ((int)(sizeof patterns / sizeof patterns[0]))

/* What the patterns look for, in several spellings, and what stands around it. */
static const char *const fragments[] = {"paid partnership with ",
                                        "PAID PARTNERSHIP WITH @brisk",
                                        "Paid  partnership",
                                        "#advert",
                                        "#Anzeige",
                                        "#adverts",
                                        "use my code: ",
                                        "USE CODE ",
                                        "TEA20",
                                        "sponsored",
                                        "sponsorship",
                                        "SPONSOR",
                                        "link in bio",
                                        "Link in my BIO",
                                        "reklam",
                                        "İş birliği",
                                        "iş birliği",
                                        "реклама",
                                        "РЕКЛАМА",
                                        "erid: x1",
                                        "广告",
                                        "商务合作",
                                        "赞助",
                                        "プロモーション",
                                        "ﾌﾟﾛﾓｰｼｮﾝ",
                                        "타이",
                                        "협찬",
                                        "유료 광고",
                                        "유료광고",
                                        "إعلان مدفوع",
                                        "إعـلان",
                                        "شراكة",
                                        "प्रायोजित",
                                        "विज्ञापन",
                                        "a@b.com",
                                        "@my.ad",
                                        "x@y.example",
                                        "whatsapp: +4912345",
                                        "t.me/ 12345",
                                        "โฆษณา",
                                        "โฆษณ์",
                                        "ส่วนลด",
                                        "\xE0\xB9\x88",
                                        "कोड",
                                        "कोडों",
                                        "\xE0\xA4\xBC",
                                        "\xE0\xA5\x8D",
                                        "할인",
                                        "할인\xE1\x86\xA8",
                                        "straße",
                                        "STRASSE",
                                        "kelvin",
                                        ("\xE2\x84\xAA"
                                         "elvin"),
                                        "cafe",
                                        "café",
                                        "cafe\xCC\x81",
                                        "my own shop",
                                        "own  shop",
                                        "\xE2\x80\x8B",
                                        "\xE2\x80\x8D",
                                        "\xEF\xB8\x8F",
                                        "\xCC\x81",
                                        "\xCC\xB6",
                                        "\xC2\xAD",
                                        " ",
                                        " ",
                                        " ",
                                        "\n",
                                        ".",
                                        ",",
                                        "@",
                                        "#",
                                        "_",
                                        "-",
                                        "x",
                                        "7",
                                        "é",
                                        "ü",
                                        "🎁",
                                        "❤️",
                                        "①",
                                        "ª",
                                        "™",
                                        "ｓponsored",
                                        "𝐬ponsored",
                                        "\xFF",
                                        "\xE2\x82"};
#define FRAGMENTS ((unsigned)(sizeof fragments / sizeof fragments[0]))

static str make_text(char *room, size_t size) {
	size_t n = 0;
	for (unsigned parts = 1 + draw(8); parts; parts--) {
		const char *part = fragments[draw(FRAGMENTS)];
		size_t length = strlen(part);
		if (n + length + 1 > size)
			break;
		memcpy(room + n, part, length);
		n += length;
		if (draw(2))
			room[n++] = ' ';
	}
	return (str){room, n};
}

int main(void) {
	const char *asked = getenv("KOLANDER_TEXTS");
	long texts = asked ? atol(asked) : 30000, skipped = 0, matched = 0, wrong = 0;
	arena memory = {0};
	kol_error err = {0};
	struct kol_problems problems = {0};
	size_t at;
	inquiry *all = inquiry_new(&memory);
	stock *none = stock_new("stdlib");
	regex *twins[PATTERNS];
	for (int i = 0; i < PATTERNS; i++)
		if (inquiry_pattern_of(all, str_of(patterns[i]), &at, &err) != i ||
		    regex_compile(str_of(patterns[i]), false, &twins[i], &at, &err))
			return 1;
	if (inquiry_build(all, none, &problems, &err))
		return 1;
	reader *r = reader_new(all, &err);
	if (!r)
		return 1;
	puts("1..2");
	char room[1024];
	for (long k = 0; k < texts; k++) {
		str text = make_text(room, sizeof room);
		if (!reader_read(r, text, (str){NULL, 0}))
			return 1;
		for (int i = 0; i < PATTERNS; i++) {
			regex_match fast = {0}, slow = {0};
			uint64_t budget = regex_budget(text.n);
			enum regex_result f = reader_search(r, i, 0, &fast), s = regex_search(twins[i], text, 0, &budget, &slow);
			matched += s == REGEX_HIT;
			skipped += f == REGEX_NONE && s == REGEX_NONE;
			if (f == s && (s != REGEX_HIT || (fast.start[0] == slow.start[0] && fast.end[0] == slow.end[0])))
				continue;
			if (wrong++ < 10)
				printf("# '%s' on '%.*s': %d, slowly %d\n", patterns[i], STR_ARG(text), (int)f, (int)s);
		}
	}
	printf("%s 1 - literals decide as the patterns themselves on %ld texts\n", wrong ? "not ok" : "ok", texts);
	printf("%s 2 - patterns match and do not match (%ld, %ld)\n",
	       matched > texts / 10 && skipped > texts ? "ok" : "not ok", matched, skipped);
	for (int i = 0; i < PATTERNS; i++)
		regex_free(twins[i]);
	reader_free(r);
	inquiry_free(all);
	stock_free(none);
	arena_free(&memory);
	return wrong ? 1 : 0;
}
