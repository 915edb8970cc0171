-- a page
SELECT _t.`id` AS `id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE (_t.`country` NOT IN {p0:Array(String)} AND _t.`country` IS NOT NULL) AND (_t.`country` != {p1:String} OR _t.`country` IS NULL) AND _t.`paid` IS NULL
ORDER BY _t.`id`
LIMIT {p2:UInt64} OFFSET {p3:UInt64}
-- {"p0": ["NL"], "p1": "NL", "p2": 101, "p3": 200}

-- as Arrow
SELECT _t.`id` AS `id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE (_t.`country` NOT IN {p0:Array(String)} AND _t.`country` IS NOT NULL) AND (_t.`country` != {p1:String} OR _t.`country` IS NULL) AND _t.`paid` IS NULL
ORDER BY _t.`id`
-- {"p0": ["NL"], "p1": "NL"}
