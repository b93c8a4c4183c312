# forgot to return
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t, x)
    out = (1 - beta).sqrt() * x + beta.sqrt() * eps
