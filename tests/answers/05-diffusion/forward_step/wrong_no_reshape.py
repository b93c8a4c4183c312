# the coefficients run along the last axis
# raises: RuntimeError
def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t].to(x.dtype)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
