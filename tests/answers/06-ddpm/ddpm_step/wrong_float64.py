# float32 in, float64 out
def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    view = (-1,) + (1,) * (xt.dim() - 1)
    b, a, ab, bt = (table[t].view(view) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar, schedule.beta_tilde))
    var = b if variance == "beta" else bt
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1).view(view) * var.sqrt() * z
