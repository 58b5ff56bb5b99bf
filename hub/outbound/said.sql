-- What a person has answered to the questions $1.
select item, choices, data from inbox where item = any($1::uuid[]) and settled is not null
