-- a page
SELECT _t.`id` AS `id`, _t.`country` AS `country`, _t.`amount` AS `amount`, _t.`at` AS `at`, _t.`paid` AS `paid`, _t.`big` AS `big`, _t.`day` AS `day`, _t.`extra` AS `extra`, base64Encode(_t.`raw`) AS `raw`, _t.`we\`ird\\` AS `we\`ird\\`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
ORDER BY _t.`id`, _t.`country`, _t.`amount`, _t.`at`, _t.`paid`, _t.`big`, _t.`day`, _t.`extra`, _t.`raw`, _t.`we\`ird\\`
LIMIT {p0:UInt64} OFFSET {p1:UInt64}
-- {"p0": 101, "p1": 200}

-- as Arrow
SELECT _t.`id` AS `id`, _t.`country` AS `country`, _t.`amount` AS `amount`, _t.`at` AS `at`, _t.`paid` AS `paid`, _t.`big` AS `big`, _t.`day` AS `day`, _t.`extra` AS `extra`, base64Encode(_t.`raw`) AS `raw`, _t.`we\`ird\\` AS `we\`ird\\`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
ORDER BY _t.`id`
-- {}
