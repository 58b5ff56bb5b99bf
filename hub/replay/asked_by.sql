-- How often the flow $1 has asked a person since $2, by reason.
select reason, count(*)::int as items from inbox where flow = $1 and since >= $2 group by reason
