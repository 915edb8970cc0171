-- a page
SELECT _t.`we\`ird\\` AS `we\`ird\\`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`we\`ird\\` = {p0:String}
ORDER BY _t.`id`, _t.`we\`ird\\`
LIMIT {p1:UInt64} OFFSET {p2:UInt64}
-- {"p0": "`'\\{p0:String}", "p1": 101, "p2": 200}

-- as Arrow
SELECT _t.`we\`ird\\` AS `we\`ird\\`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`we\`ird\\` = {p0:String}
ORDER BY _t.`id`
-- {"p0": "`'\\{p0:String}"}
