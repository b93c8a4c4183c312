# the pair of encode, scaled
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    mu, logvar = first_stage.encode(x)
    return scale * mu, logvar
