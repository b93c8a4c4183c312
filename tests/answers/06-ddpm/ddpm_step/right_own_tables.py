def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    ab = torch.cumprod(1 - schedule.beta, 0)
    ab_t, ab_s = at(ab, t, xt), at(ab, t - 1, xt)
    a = ab_t / ab_s
    var = 1 - a if variance == "beta" else (1 - a) * (1 - ab_s) / (1 - ab_t)
    keep = at((torch.arange(len(ab)) != 1).double(), t, xt)
    return xt / a.sqrt() - (1 - a) / ((1 - ab_t) * a).sqrt() * eps_hat + (var * keep).sqrt() * z
