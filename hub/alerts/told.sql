-- How each thing stands that the hub itself tells of; $1 is the name under which it does. They are few.
select "case", state, since, data from cases where flow = $1
