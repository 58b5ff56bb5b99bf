-- The records of which a person is asked whether they are the same as another.
select item, flow, choices, since from inbox where settled is null and reason = 'proposal' order by since
