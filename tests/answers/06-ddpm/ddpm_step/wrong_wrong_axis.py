# the tables' values run along the last axis
# raises: RuntimeError
def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    b, a, ab = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    var = b if variance == "beta" else schedule.beta_tilde[t]
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1) * var.sqrt() * z
