# a draw of the code in place of its mean
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    mu, logvar = first_stage.encode(x)
    return scale * (mu + (logvar / 2).exp() * torch.randn_like(mu))
