# the tables' values are laid out for rows alone: pictures are mixed up
# raises: RuntimeError
def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    b, a, ab = (table[t][:, None] for table in (schedule.beta, schedule.alpha, schedule.alpha_bar))
    var = b if variance == "beta" else schedule.beta_tilde[t][:, None]
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1)[:, None] * var.sqrt() * z
