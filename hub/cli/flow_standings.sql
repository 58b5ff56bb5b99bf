-- Which flows are in force, and what each may do now.
select flow, mode, started_at from flows order by flow
