#!/bin/sh
# Writes rules about texts into DIR: a lexicon of the terms in TERMS, thirty patterns of labels and contacts, and tone.
# Most posts pass most of them.
set -eu
dir=$1 terms=$2
mkdir -p "$dir/lexicons"
cp "$terms" "$dir/lexicons/bench.txt"
echo 'ruleset {}' >"$dir/ruleset.lua"
cat >"$dir/rules.lua" <<'END'
lexicon "bench" { file = "lexicons/bench.txt" }

rule "bench/terms" {
  title = "Few posts say what the brand does not want said", level = "note", unknown = "note", set = { days = 120, most = 3 },
  need = "hits('bench', set.days) <= set.most",
}
rule "bench/tone" {
  each = "post", when = "among(post.language, { 'de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'pt', 'zh-Hans', 'zh-Hant' })",
  title = "No post is all scorn", level = "note", unknown = "note", set = { least = -0.8 },
  need = "sentiment(post.caption) >= set.least",
}
END
count=0
while read -r pattern; do
	count=$((count + 1))
	printf 'rule "bench/pattern-%02d" {\n  each = "post", title = "Not said", level = "note", unknown = "note",\n  need = [==[not matches(post.caption, [=[%s]=])]==],\n}\n' \
		"$count" "$pattern" >>"$dir/rules.lua"
done <<'END'
(?i)\bpaid partnership with @?\w+
(?i)\bin (?:paid )?(?:collaboration|partnership) with\b
(?i)#(?:advert|advertisement|anzeige)\b
(?i)#(?:sponsored|spon|sponsoredpost)\b
(?i)\bsponsored by\b
(?i)\b(?:gifted by|pr package|press samples?)\b
(?i)\baffiliate links?\b
(?i)\b(?:use|with) (?:my )?(?:promo |discount )?code:?\s+["“]?[A-Z0-9]{4,}
(?i)\blink in (?:my )?bio\b
(?i)\b\d{1,2} ?(?:%|percent) off\b
(?i)\b(?:unbezahlte |bezahlte )?werbung\b
(?i)\bin kooperation mit\b
(?i)\bpublicidad\b|\bcolaboración pagada\b
(?i)\bpublicidade\b|\bparceria paga\b
(?i)\bcollaboration commerciale\b|\bpartenariat rémunéré\b
(?i)\bpubblicità\b|\bsponsorizzato\b
(?i)\breklam\b|\biş ?birliği\b
(?i)\bреклама\b|\berid:\s*\w+
广告|商务合作|赞助
廣告|業配|合作邀約
#PR\b|プロモーション|タイアップ
협찬|유료 ?광고|제품 ?제공
إعلان مدفوع|شراكة مدفوعة
प्रायोजित|विज्ञापन
(?i)\b[\w.+-]+@[\w-]+\.(?:com|net|org|example|co\.uk)\b
(?i)(?:whatsapp|wa\.me|telegram|t\.me)[\s:/]+\+?\d[\d\s-]{7,}
(?i)\bdm (?:me|us) (?:for|to)\b.{0,40}\b(?:price|order|collab)
(?i)\b(?:business|booking|collab)\w* ?(?:inquir|enquir)(?:y|ies)\b
(?:微信|薇信|VX号)[:：]?\s*[a-zA-Z][\w-]{5,19}
(?i)\bkakaotalk\b|카카오톡|카톡 ?아이디|\bline id[:：]
END
